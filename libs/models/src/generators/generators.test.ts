import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FolderModelStore } from "../store/folder-store.js";
import { parseManifest } from "../store/manifest.js";
import type { GeneratorEntry } from "../store/manifest-schema.js";
import { findGenerator, generatorsMaking } from "./find-generator.js";

const SHIPPED = fileURLToPath(new URL("../../../../models", import.meta.url));
/** Manifest of bundle 3, as it was shipped in format 1. */
const FORMAT_1 = fileURLToPath(new URL("../../fixtures/manifest-format-1.json", import.meta.url));
const readShipped = async (bundle: string) =>
	parseManifest(await readFile(join(SHIPPED, bundle, "manifest.json"), "utf8"), bundle);

let root = "";
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "archgen-generators-"));
});
afterAll(() => rm(root, { recursive: true }));

const file = (path: string) => ({ path, bytes: new TextEncoder().encode(path) });
const FLOW = [
	"ccnf/ccnf.json",
	"gvae/decoder.onnx",
	"gvae/gvae.json",
	"mixture.json",
	"standardizer.json",
] as const;

describe("manifests of format 1", () => {
	it("gives a bundle of cells its flow and its sequence generator", async () => {
		const text = await readFile(FORMAT_1, "utf8");
		expect(JSON.parse(text)).toMatchObject({ formatVersion: 1 });
		const { formatVersion, generators, files, metrics } = parseManifest(text, FORMAT_1);
		expect(formatVersion).toBe(2);
		expect(generators.map(({ name, kind, space }) => [name, kind, space])).toEqual([
			["flow", "flow", "cells"],
			["gpt-neo", "gpt-neo", "hierarchical"],
		]);
		expect(generators.flatMap((generator) => generator.files).sort()).toEqual(files.map(({ path }) => path));
		const [flow, sequences] = generators as [GeneratorEntry, GeneratorEntry];
		expect(Object.keys(flow.trainedOn)).toEqual(["mixture", "gvae", "ccnf"]);
		expect(Object.keys(sequences.trainedOn)).toEqual(["histories", "seqgen"]);
		expect(flow.metrics).toMatchObject({ "gvae.validity": metrics["gvae.validity"] });
		expect(Object.keys(sequences.metrics).every((name) => /^(seqgen|histories)\./.test(name))).toBe(true);
	});

	it("gives the shipped bundle of NAS-Bench-201 its score with the predictors", async () => {
		const { generators, files } = await readShipped("nasbench201/1");
		expect(generators).toHaveLength(1);
		expect(generators[0]).toMatchObject({ name: "score", kind: "score", space: "nasbench201" });
		expect(generators[0]!.files).toEqual(files.map(({ path }) => path));
		expect(Object.keys(generators[0]!.trainedOn)).toEqual(["score", "predictors"]);
	});

	it("names the score and the denoiser of the shipped bundle of NAS-Bench-201, both with the predictors", async () => {
		const { generators, files } = await readShipped("nasbench201/2");
		expect(generators.map(({ name, kind, space }) => [name, kind, space])).toEqual([
			["score", "score", "nasbench201"],
			["discrete", "discrete", "nasbench201"],
		]);
		const listed = new Set(generators.flatMap((generator) => generator.files));
		expect([...listed].sort()).toEqual(files.map(({ path }) => path).sort());
	});

	it("still checks their own checksum", async () => {
		const text = await readFile(FORMAT_1, "utf8");
		const { sha256 } = JSON.parse(text) as { sha256?: string };
		const marked = sha256 === undefined ? { ...JSON.parse(text), sha256: "0".repeat(64) } : JSON.parse(text);
		expect(() => parseManifest(JSON.stringify({ ...marked, name: "other" }), "x")).toThrow(/SHA-256/);
	});

	it("are written in the present format when a report is recorded", async () => {
		const store = new FolderModelStore(join(root, "recorded"));
		await store.put({ name: "default", version: "1", trainedOn: {}, metrics: {} }, FLOW.map(file));
		const path = join(root, "recorded/default/1/manifest.json");
		const { generators, sha256: _, ...first } = JSON.parse(await readFile(path, "utf8"));
		await writeFile(path, JSON.stringify({ ...first, formatVersion: 1 }));
		await store.record("default", "1", "table1", { ccnf: 2 });
		expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({
			formatVersion: 2,
			generators,
			metrics: { "table1.ccnf": 2 },
		});
	});
});

describe("the list of a new bundle", () => {
	const put = (version: string, generators?: readonly GeneratorEntry[]) =>
		new FolderModelStore(join(root, "new")).put(
			{
				name: "default",
				version,
				trainedOn: { gvae: { seed: 1 }, other: 2 },
				metrics: { "ccnf.loss": 3, "seqgen.loss": 4 },
				...(generators && { generators: [...generators] }),
			},
			FLOW.map(file),
		);

	it("holds one generator of each kind whose files are there", async () => {
		expect((await put("1")).generators).toEqual([
			{
				name: "flow",
				kind: "flow",
				space: "cells",
				files: [...FLOW],
				metrics: { "ccnf.loss": 3 },
				trainedOn: { gvae: { seed: 1 } },
			},
		]);
	});

	it("is what its writer says, as long as files and names are in order", async () => {
		const [flow] = (await put("2")).generators as [GeneratorEntry];
		const wide = { ...flow, name: "wide" };
		expect((await put("3", [flow, wide])).generators.map(({ name }) => name)).toEqual(["flow", "wide"]);
		const refused = (problem: string) =>
			expect.objectContaining({
				reason: "BUNDLE_MANIFEST_INVALID",
				message: expect.stringContaining(problem),
			});
		await expect(put("4", [flow, flow])).rejects.toEqual(refused("one name"));
		await expect(put("5", [{ ...flow, files: ["elsewhere.onnx"] }])).rejects.toEqual(
			refused("does not list"),
		);
	});
});

describe("finding a generator", () => {
	const listed = [
		{ name: "sequences", kind: "gpt-neo" },
		{ name: "wide", kind: "flow" },
		{ name: "flow", kind: "flow" },
		{ name: "later", kind: "unheard-of" },
	];

	it("goes by name, and takes the first of the bundle without one", () => {
		expect(findGenerator(listed, "cells", "flow", "cellGenerator")).toEqual({ name: "flow", kind: "flow" });
		expect(findGenerator(listed, "cells", "", "cellGenerator").name).toBe("wide");
		expect(findGenerator(listed, "cells", "random", "cellGenerator").kind).toBe("random");
		expect(generatorsMaking(listed, "sequences").map(({ name }) => name)).toEqual(["sequences"]);
	});

	it.each(["later", "sequences", "flwo"])("refuses %s as one of cells, naming those there are", (name) => {
		expect(() => findGenerator(listed, "cells", name, "cellGenerator")).toThrow(
			expect.objectContaining({
				category: "INVALID_ARGUMENT",
				reason: "UNKNOWN_GENERATOR",
				message: expect.stringContaining("wide, flow, random"),
				violations: [expect.objectContaining({ field: "cellGenerator" })],
			}),
		);
	});

	it("has no default where the bundle lists none of that output", () => {
		expect(() => findGenerator([], "cells", "", "cellGenerator")).toThrow(/there is random/);
		expect(() => findGenerator([], "architectures", "", "generator")).toThrow(/there is none/);
	});
});
