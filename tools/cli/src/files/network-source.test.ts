import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { readNamedJson } from "@archgen/files";
import { createRandom } from "@archgen/random";
import { common } from "@archgen/rpc";
import { alphaNetwork, countNetwork, networkFromJson, randomCell } from "@archgen/search-space";
import { networkToMessage } from "@archgen/wire";
import { expect, test } from "vitest";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";

test("the best network of a search comes out of its history, with the counts and the score it has there", async () => {
	const folder = temporaryFolder();
	const history = join(folder, "search.jsonl");
	const target = ["--input", "32", "--classes", "10", "--max-flop-count", "20M"];
	const scoring = ["--scoring-batch", "4", "--seed", "3", "--workers", "1"];
	const search = ["--evaluations", "6", "--population", "3", "--random-cells", "--out", history];
	const { best } = await runJson<{ best: { index: number; score: number; counts: object } }>([
		"evolve",
		...[...target, ...scoring, ...search],
	]);
	expect(await runJson(["count", "--history", history])).toMatchObject(best.counts);
	const proxy = "tcet_fit_size";
	const again = ["score", "--history", history, "--batch", "4", "--seed", "3", "--proxies", proxy];
	expect((await runJson<Record<string, number>>(again))[proxy]).toBeCloseTo(best.score, 6);
	await runJson(["export", "--history", history, "--index", "0", "--formats", "json", "--out", folder]);
	const first = await readNamedJson("--network", join(folder, "network.json"));
	expect(networkFromJson(first).input.size).toBe(32);
	const beyond = await run(["export", "--history", history, "--index", "6", "--out", folder]);
	expect(beyond).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("must be below 6, not 6") });
});

test("a history that is not there is said by name", async () => {
	const { exitCode, stderr } = await run(["count", "--history", "/nonexistent/history.jsonl"]);
	expect(exitCode).toBe(2);
	expect(stderr).toContain("archgen: --history: /nonexistent/history.jsonl does not exist");
	const folder = await run(["count", "--history", temporaryFolder()]);
	expect(folder.exitCode).toBe(2);
	expect(folder.stderr).toContain("archgen: --history: the file cannot be read");
});

test("a network as gRPC answers it is the same network, alone, generated, or one of a result", async () => {
	const folder = temporaryFolder();
	const networks = [3, 4].map((seed) => alphaNetwork(randomCell(createRandom(seed))));
	const messages = networks.map((network) => common.Network.toJSON(networkToMessage(network)));
	const count = (document: unknown, ...more: string[]) => {
		const path = join(folder, "network.json");
		writeFileSync(path, `\ufeff${JSON.stringify(document)}`);
		return run(["count", "--network", path, "--json", ...more]);
	};
	const expected = ({ parameterCount }: { parameterCount: number }) =>
		expect.objectContaining({ parameterCount });
	const [first, second] = networks.map((network) => expected(countNetwork(network)));
	expect(JSON.parse((await count(messages[0])).stdout)).toEqual(first);
	expect(JSON.parse((await count({ network: messages[0], scores: {} })).stdout)).toEqual(first);
	const result = { result: { networks: messages.map((network) => ({ network })) } };
	expect(JSON.parse((await count(result, "--index", "1")).stdout)).toEqual(second);
	expect(await count(result)).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--index") });
	expect(await count({ result: { networks: [] } })).toMatchObject({ exitCode: 2 });
	expect(await count({ inputSize: 32, stages: 3 })).toMatchObject({ exitCode: 2 });
});
