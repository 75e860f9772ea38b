import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "@archgen/client";
import { ZC_COLUMNS } from "@archgen/design";
import type { BudgetReport, GvaeReport, Table2 } from "@archgen/experiments";
import { countOnnx } from "@archgen/exporters";
import { BUNDLE_LAYOUT, FolderModelStore } from "@archgen/models";
import {
	appendLabel,
	drawCells,
	openLabels,
	packLabels,
	readLabels,
	type StageReport,
} from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { alphaNetwork, countNetwork } from "@archgen/search-space";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run, runJson } from "../../test/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-pipeline-"));
const work = ["--profile", "tiny", "--work", join(folder, "work")];
const models = ["--models", join(folder, "models")];

type GvaeMeasures = GvaeReport & { readonly keptFromTraining: number };

/** Labels whose proxies follow from the counts, so that nothing has to be scored. */
async function writeLabels(path: string, count: number): Promise<void> {
	await openLabels(path, { format: "archgen.labels", version: 1, seed: 0, images: "made up", batch: 2 });
	for (const { index, cell } of drawCells(createRandom(0), count)) {
		const { parameterCount, flopCount, layerCount } = countNetwork(alphaNetwork(cell));
		await appendLabel(path, {
			index,
			cell,
			z: { naswot: 700 + layerCount, snipSsnr: layerCount / 2, parameterCount, flopCount },
		});
	}
}

beforeAll(async () => {
	await writeLabels(join(folder, "work", "labels.jsonl"), 40);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a step without the one before it says which to run", async () => {
	const { exitCode, stderr } = await run(["train", "gvae", ...work]);
	expect(exitCode).toBe(1);
	expect(stderr).toContain("archgen train mixture");
});

test("the tiny profile goes from labels to a bundle", async () => {
	for (const stage of ["mixture", "gvae", "ccnf", "histories", "seqgen"]) {
		const report = await runJson<StageReport>(["train", stage, ...work]);
		expect(report.stage).toBe(stage);
		expect(Object.keys(report.metrics).length).toBeGreaterThan(0);
	}
	const bundle = await runJson<{ version: string }>([
		"train",
		"bundle",
		...work,
		...models,
		"--version",
		"3",
	]);
	expect(bundle.version).toBe("3");
});

test("a finished step goes on from its checkpoint and gives the same model", async () => {
	const decoder = () => readFileSync(join(folder, "work", "gvae", "decoder.onnx"));
	const before = decoder();
	await runJson(["train", "gvae", ...work]);
	expect(decoder().equals(before)).toBe(true);
});

test("the bundle is listed, verified, and every model in it runs", async () => {
	expect(await runJson(["models", "list", ...models])).toEqual([
		{ name: "default", version: "3", labels: ["default"] },
	]);
	expect(await runJson(["models", "show", ...models])).toMatchObject({ trainedOn: { profile: "tiny" } });
	expect(await runJson(["validate", "bundle", ...models])).toMatchObject({ version: "3", clusters: 3 });
	// Stages name cells that the searches found, and a refresh has examples to rehearse.
	const { manifest } = await new FolderModelStore(models[1]!).open("default", { label: "default" });
	const files = manifest.files.map(({ path }) => path);
	expect(files).toEqual(expect.arrayContaining([BUNDLE_LAYOUT.exemplars, BUNDLE_LAYOUT.examples]));
});

test("networks under random bounds keep them by an independent count, and more often than without the mask", async () => {
	const report = await runJson<BudgetReport>(["validate", "budgets", ...models, "--networks", "60"]);
	expect(report).toMatchObject({ requests: 6, outside: 0 });
	expect(report.networks).toBeGreaterThan(0);
	expect(report.networks + Object.values(report.dropped).reduce((sum, n) => sum + n, 0)).toBe(report.drawn);
	expect(report.drawnInside).toBeGreaterThan(report.unmaskedInside);
	expect(report.use.median).toBeLessThanOrEqual(1);
});

test("table 2 compares ways to come to a network, and a second run computes nothing again", async () => {
	const out = join(folder, "table2");
	const few = [
		"--evaluations",
		"3",
		"--generator-evaluations",
		"2",
		"--population",
		"2",
		"--seeds",
		"1",
		"--draws",
		"2",
	];
	const command = [
		"reproduce",
		"table2",
		...models,
		"--budgets",
		"cifar-1m",
		...few,
		"--work",
		out,
		"--out",
		out,
	];
	const { rows } = await runJson<Table2>(command);
	expect(rows.map(({ method, evaluations }) => [method, evaluations])).toEqual([
		["released", 5],
		["random", 3],
		["cells", 3],
		["hl-evo", 3],
		["hl-evo-means", 3],
		["hl-evo-random-cells", 3],
		["generator", 2],
	]);
	for (const { best, mean, curve, counts, cpuMinutes, full } of rows) {
		expect(mean).toBeLessThanOrEqual(best);
		expect(counts.parameterCount).toBeLessThanOrEqual(1_000_000);
		expect(curve.at(-1)![1]).toBe(best);
		expect(cpuMinutes).toBeGreaterThan(0);
		expect(full.sd).toBeGreaterThan(0);
	}
	expect(readFileSync(join(out, "table2-cifar-1m.svg"), "utf8")).toContain("<svg");
	expect((await runJson<Table2>(command)).rows).toEqual(rows);
}, 240_000);

test("one command goes through every step and writes the bundle, here from packed labels", async () => {
	const packed = join(folder, "labels.jsonl.gz");
	await packLabels(packed, await readLabels(join(folder, "work", "labels.jsonl")));
	// The finished steps of the folder go on from their checkpoints.
	const command = ["train", ...work, ...models, "--labels", packed, "--version", "4", "--label", "candidate"];
	const { stages, bundle } = await runJson<{ stages: StageReport[]; bundle: object }>(command);
	expect(stages.map(({ stage }) => stage)).toEqual(["mixture", "gvae", "ccnf", "histories", "seqgen"]);
	expect(bundle).toMatchObject({ version: "4", label: "candidate" });
	const [first, second] = await Promise.all(
		["3", "4"].map((version) =>
			runJson<{ files: object[] }>(["models", "show", ...models, "--model-version", version]),
		),
	);
	expect(second!.files).toEqual(first!.files);
});

test("its G-VAE is measured on cells that training did not see", async () => {
	const amount = ["--cells", "40", "--samples", "30"];
	const labels = join(folder, "work", "labels.jsonl");
	const ask = ["validate", "gvae", ...models, ...amount];
	const { reconstruction, prior, predictor, latents, keptFromTraining } = await runJson<GvaeMeasures>([
		...ask,
		"--labels",
		labels,
		"--record",
	]);
	const [all, ...sizes] = reconstruction;
	expect(sizes.reduce((sum, { cells }) => sum + cells, 0)).toBe(all!.cells);
	expect(all!.cells).toBeLessThanOrEqual(40);
	expect(keptFromTraining).toBeLessThanOrEqual(16);
	expect(prior.validityWithoutRepair).toBeLessThanOrEqual(prior.validity);
	expect(prior.novelty).not.toBeNull();
	expect(predictor!.cells).toBe(4);
	expect(predictor!.proxies.map(({ name }) => name)).toEqual([...ZC_COLUMNS]);
	expect(latents!.cells).toBe(4);
	const { metrics } = await runJson<{ metrics: Record<string, number> }>(["models", "show", ...models]);
	expect(metrics).toMatchObject({
		"validation.gvae.exact.all": all!.exact,
		"validation.gvae.prior.validity": prior.validity,
		"validation.gvae.r2.naswot": predictor!.proxies[0]!.r2,
		"validation.gvae.latents.distanceCorrelation": latents!.distanceCorrelation,
		"gvae.exactReconstruction": expect.any(Number),
	});
	const without = await runJson<GvaeMeasures>(ask);
	expect(without).toMatchObject({ predictor: null, prior: { novelty: null } });
	// Labels that came later are unseen, but only the labels of the training say which ones those are.
	const more = join(folder, "more.jsonl");
	await writeLabels(more, 60);
	const later = await runJson<GvaeMeasures>([...ask, "--labels", more, "--trained-on", labels]);
	expect(later.predictor!.cells).toBe(24);
	const refused = await run([...ask, "--labels", more]);
	expect(refused.exitCode).toBe(1);
	expect(refused.stderr).toContain("--trained-on");
});

test("versions are immutable", async () => {
	const { exitCode, stderr } = await run(["train", "bundle", ...work, ...models, "--version", "3"]);
	expect(exitCode).toBe(1);
	expect(stderr).toContain("choose a new version");
});

test("networks are generated over gRPC and written in every format, within the budget by an independent count", async () => {
	const out = join(folder, "networks");
	const budget = ["--max-flop-count", "300M", "--input", "32", "--classes", "10"];
	const ask = [
		"generate",
		...models,
		...budget,
		"--candidates",
		"4",
		"--top",
		"2",
		"--seed",
		"1",
		"--out",
		out,
	];
	const answer = await runJson<Answer>(ask);
	expect(answer.networks.length).toBeGreaterThan(0);
	for (const { counts, files = [] } of answer.networks) {
		expect(files.map((file) => file.split(".").at(-1))).toEqual(["json", "onnx", "py", "svg", "tflite"]);
		const { parameterCount, flopCount } = countOnnx(readFileSync(files[1]!));
		expect({ parameterCount, flopCount }).toEqual({
			parameterCount: counts.parameterCount,
			flopCount: counts.flopCount,
		});
		expect(flopCount).toBeLessThanOrEqual(300e6);
	}
});
