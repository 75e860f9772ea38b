import { expect, test } from "vitest";
import { writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { runChaos } from "./run.js";

// Each kind once, and the orchestrator's clock set forth by hours and back again; `npm run chaos` makes more of them.
test("under faults of every kind answers and histories are those of an undisturbed run", async () => {
	const models = await writeSampleStore();
	try {
		const report = await runChaos({ models: models.folder, seed: 40, faults: 7, longestMs: 1_000 });
		expect(report.ok, JSON.stringify(report, null, 1)).toBe(true);
		expect(Object.values(report.faults).reduce((sum, count) => sum + count, 0)).toBe(7);
	} finally {
		await models.remove();
	}
}, 300_000);
