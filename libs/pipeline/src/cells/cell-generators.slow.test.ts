import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { CellGenerator } from "@archgen/design";
import { DENOISER_CONFIG, SMALL_DENOISER } from "@archgen/discrete-diffusion";
import { predictedVectors } from "@archgen/gvae";
import { type Bundle, FolderModelStore } from "@archgen/models";
import { createRandom } from "@archgen/random";
import { SCORE_CONFIG, SMALL_SIZE } from "@archgen/score-diffusion";
import { cellsSpace, randomCell } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { silentContext } from "../../testing/silent-context.js";
import { partsOfBundle, withCellGenerators } from "../diffusion/cell-generator-parts.js";
import { vectorSource } from "../diffusion/cell-vectors.js";
import { trainDenoiserFolder } from "../diffusion/train-denoiser-folder.js";
import { trainScoreFolder } from "../diffusion/train-score-folder.js";
import { loadCellGenerator } from "./cell-generators.js";
import { cellGeneratorSuite } from "./cell-generators.suite.js";
import { bundleCellFiles, loadVectorModels, type VectorModels } from "./cell-models.js";
import { drawSynonyms } from "./synonyms.js";

const SHIPPED = fileURLToPath(new URL("../../../../models", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "archgen-cells-"));
const folder = (name: string) => join(root, name);
const PLACE = { workers: 1, restart: false };
const NARROW = {
	hidden: 32,
	heads: 4,
	pair: 8,
	layers: 2,
	feedForward: 32,
	pairFeedForward: 8,
	condition: 16,
};
const NARROW_SCORE = { hidden: 32, heads: 4, feedForward: 64, blocks: 2, output: 64, time: 32 };
const TRAINING = { batch: 64, warmupSteps: 20, averageDecay: 0.99, learningRate: 4e-3 };

const pool = SessionPool.create({ threadsPerWorker: 1 });
const generators = new Map<string, CellGenerator>();
let base: Bundle;
let bundle: Bundle;
let models: VectorModels;

beforeAll(async () => {
	base = await new FolderModelStore(SHIPPED).open("default");
	const vectors = await vectorSource(cellsSpace, async () => base);
	await trainDenoiserFolder(silentContext(), cellsSpace, {
		...{ ...PLACE, folder: folder("discrete"), architectures: 1500, vectors },
		config: { ...DENOISER_CONFIG, ...TRAINING, size: { ...SMALL_DENOISER, ...NARROW }, steps: 400 },
	});
	await trainScoreFolder(silentContext(), cellsSpace, {
		...{ ...PLACE, folder: folder("score"), architectures: 1500, vectors },
		config: { ...SCORE_CONFIG, ...TRAINING, size: { ...SMALL_SIZE, ...NARROW_SCORE }, steps: 500 },
	});
	const folders = { score: folder("score"), discrete: folder("discrete") };
	const parts = await withCellGenerators(partsOfBundle(base), folders);
	const store = new FolderModelStore(folder("models"));
	await store.put({ ...parts, name: "default", version: "6" }, parts.contents);
	bundle = await store.open("default", { version: "6" });
	models = await loadVectorModels(pool, await bundleCellFiles(bundle));
	for (const { name } of bundle.manifest.generators.filter(({ space }) => space === "cells"))
		generators.set(name, await loadCellGenerator(bundle, pool, name, "generator"));
	generators.set("random", await loadCellGenerator(bundle, pool, "random", "generator"));
});
afterAll(async () => {
	await pool.close();
	rmSync(root, { recursive: true });
});

describe.each([
	["flow", true],
	["score", true],
	["discrete", true],
	["random", false],
] as const)("the cell generator %s", (name, isLed) => {
	cellGeneratorSuite({
		generator: () => generators.get(name)!,
		predict: (cells) => predictedVectors(models.gvae, cells),
		isLed,
	});
});

describe("a bundle with further cell generators", () => {
	it("lists them with what they were trained on, and keeps everything else", () => {
		const [listed, before] = [bundle.manifest, base.manifest];
		expect([...generators.keys()]).toEqual(["flow", "score", "discrete", "random"]);
		expect(listed.generators.find(({ name }) => name === "discrete")).toMatchObject({
			kind: "discrete-cells",
			trainedOn: { "discrete-cells": { space: "cells", vectors: { bundle: `default ${before.version}` } } },
		});
		const others = ({ files }: typeof before) =>
			files.filter(({ path }) => !/^(score|discrete)-cells\//.test(path));
		expect(others(listed)).toEqual(others(before));
		expect(listed.files).toHaveLength(others(before).length + 6);
	});

	it("gives synonyms by one of them, by the neighbourhood and at random, and lists them for an unknown name", async () => {
		const draw = { reference: randomCell(createRandom(9)), count: 5, seed: 0 };
		const synonyms = (generator: string) =>
			drawSynonyms(bundle, pool, { generator, field: "--generator" }, draw);
		for (const name of ["score", "neighbourhood", "random"])
			expect(new Set((await synonyms(name)).map(({ cell }) => cell.hash)).size).toBe(5);
		await expect(synonyms("nobody")).rejects.toThrow(/flow, score, discrete, random, neighbourhood/);
		await expect(loadCellGenerator(base, pool, "nobody", "--cell-generator")).rejects.toMatchObject({
			reason: "UNKNOWN_GENERATOR",
			violations: [{ field: "--cell-generator", description: expect.stringMatching(/flow.*, random/) }],
		});
	});

	it("refuses networks without vectors and those of another predictor", async () => {
		const plain = folder("plain");
		await trainDenoiserFolder(silentContext(), cellsSpace, {
			...{ ...PLACE, folder: plain, architectures: 40 },
			config: { ...DENOISER_CONFIG, ...TRAINING, size: { ...SMALL_DENOISER, ...NARROW }, steps: 2 },
		});
		const parts = partsOfBundle(base);
		await expect(withCellGenerators(parts, { discrete: plain })).rejects.toThrow(/--vectors/);
		await expect(withCellGenerators(parts, { discrete: folder("nothing") })).rejects.toMatchObject({
			reason: "NOT_TRAINED",
		});
		const contents = parts.contents.map((content) =>
			content.path === "standardizer.json" ? { path: content.path, bytes: new Uint8Array(2) } : content,
		);
		await expect(
			withCellGenerators({ ...parts, contents }, { discrete: folder("discrete") }),
		).rejects.toMatchObject({ reason: "OTHER_PREDICTOR" });
		const other = { name: "nasbench201" } as typeof cellsSpace;
		await expect(vectorSource(other, async () => base)).rejects.toThrow(/--space cells/);
	});
});
