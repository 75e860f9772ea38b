import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Figure2 } from "@archgen/experiments";
import { expect, test } from "vitest";
import { writeSampleLabels } from "../../../../libs/pipeline/testing/sample-labels.js";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";

test("measures both latent spaces, draws them, and only loads what has been trained", async () => {
	const folder = temporaryFolder();
	const labels = join(folder, "labels.jsonl");
	await writeSampleLabels(labels, 40);
	const setting = ["--labels", labels, "--profile", "tiny", "--steps", "12", "--out", join(folder, "figure")];
	const args = ["reproduce", "figure2", ...setting];
	expect((await run(args, AbortSignal.abort())).exitCode).toBe(130);
	const first = await runJson<Figure2>(args);
	expect(first.spaces.map(({ name }) => name)).toEqual(["with triplet", "without triplet"]);
	for (const space of first.spaces) {
		expect([space.training.cells, space.unseen.cells]).toEqual([32, 8]);
		for (const part of [space.training, space.unseen]) {
			expect(Math.abs(part.distanceCorrelation)).toBeLessThanOrEqual(1);
			expect(part.neighbourPurity).toBeLessThanOrEqual(1);
		}
		expect(readFileSync(space.svg, "utf8")).toContain(`Latents ${space.name}`);
	}
	expect(first.spaces[0]!.training).not.toEqual(first.spaces[1]!.training);
	const again = await run([...args, "--json"]);
	expect(JSON.parse(again.stdout)).toEqual(first);
	expect(again.stderr).not.toContain("12/12");
	const other = await run([...args, "--seed", "7"]);
	expect(other.exitCode).toBe(1);
	expect(other.stderr).toContain("--restart");
});
