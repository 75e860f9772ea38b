import { fileURLToPath } from "node:url";
import { RANDOM_CELLS } from "@archgen/design";
import { FolderModelStore } from "@archgen/models";
import { loadLocalGenerator } from "@archgen/pipeline";
import { SessionPool } from "@archgen/tensor-graph";
import { expect, onTestFinished, test } from "vitest";
import { describeNetworks, networksUnder } from "./networks-under.js";

test("networks of generators under a budget are scored, and compared at the time of the quickest", async () => {
	const models = fileURLToPath(new URL("../../../../models", import.meta.url));
	const bundle = await new FolderModelStore(models).open("default", { label: "default" });
	const sessions = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	const { sequences, close } = await loadLocalGenerator(bundle, sessions, 1);
	onTestFinished(() => close().then(() => sessions.close()));
	let done = 0;
	const how = {
		sequences,
		proxy: "naswot" as const,
		networks: 2,
		workers: 1,
		seed: 1,
		signal: new AbortController().signal,
		onDone: () => done++,
	};
	const generators = new Map([
		["one", RANDOM_CELLS],
		["other", RANDOM_CELLS],
	]);
	const rows = await networksUnder("30 M MACs, 32 pixels", generators, how);
	expect(done).toBe(2);
	const [one, other] = rows;
	for (const row of rows) {
		expect(row.scored).toBe(2);
		expect(row.best!).toBeGreaterThanOrEqual(row.median!);
	}
	expect(other).toEqual({
		...one,
		...{ generator: "other", seconds: other!.seconds },
		bestAtEqualTime: other!.bestAtEqualTime,
	});
	const [quick, slow] = [...rows].sort((a, b) => a.seconds - b.seconds);
	expect(quick!.bestAtEqualTime).toBe(quick!.best);
	expect(slow!.bestAtEqualTime ?? Number.NEGATIVE_INFINITY).toBeLessThanOrEqual(slow!.best!);
	expect(describeNetworks(rows)).toContain("best at equal time");
});
