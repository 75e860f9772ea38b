import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededBatch } from "@archgen/datasets";
import { RANDOM_CELLS } from "@archgen/design";
import { CELL_EVOLUTION, designNetwork } from "@archgen/evolution";
import { type ProxyName, predictionOf } from "@archgen/proxies";
import { expect, test } from "vitest";
import { silentContext } from "../../testing/silent-context.js";
import { runSearch } from "./run-search.js";

const TARGET = { size: 32, classes: 10 };

async function search(proxy: ProxyName, predicted: boolean, out: string) {
	return runSearch(silentContext(), {
		title: "test",
		options: {
			...{ target: TARGET, constraints: { maxMacCount: 3e6 }, clusters: 1, evaluations: 60, seed: 0 },
			strategy: CELL_EVOLUTION,
		},
		...{ cells: RANDOM_CELLS, cellIdentity: "random", proxy, predicted, workers: 1, out },
		batch: seededBatch(0, { batch: 2, size: 16, classes: 10 }),
	});
}

test("a search by promises counts each network for what it promises, and is not gone on from by one that runs networks", async () => {
	const out = join(await mkdtemp(join(tmpdir(), "search-")), "history.jsonl");
	const { history, best } = await search("tcet_fit", true, out);
	const promise = predictionOf("tcet_fit", TARGET, 16)!;
	expect(history).toHaveLength(60);
	for (const { design, score } of history) expect(score).toBe(promise(designNetwork(design, TARGET)));
	expect(best!.score).toBe(Math.max(...history.map(({ score }) => score)));
	await expect(search("tcet_fit", false, out)).rejects.toMatchObject({ category: "FAILED_PRECONDITION" });
});

test("what layer shapes do not predict is refused", async () => {
	const out = join(tmpdir(), "never.jsonl");
	await expect(search("naswot", true, out)).rejects.toMatchObject({
		violations: [{ field: "--predicted", description: expect.stringContaining("naswot needs a run") }],
	});
});
