import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadImages } from "@archgen/datasets";
import { ArchgenError } from "@archgen/errors";
import { parseHistory, parseLaunch, parseState } from "@archgen/evolution";
import { readBenchmarkTable, readRankingTable } from "@archgen/experiments";
import { parseLatencyTable } from "@archgen/latency";
import { mixtureFromJson, standardizerFromJson } from "@archgen/mixture";
import { clusterCellsFromJson, exemplarsFromJson, parseManifest } from "@archgen/models";
import {
	loadCheckpoint,
	readHistory,
	readLabels,
	readPropertyTable,
	saveCheckpoint,
} from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import {
	alphaNetwork,
	cellFromJson,
	cellFromNasBench201,
	cellToJson,
	graphNetFileFromJson,
	networkFromJson,
	networkToJson,
	randomCell,
	searchSpace,
} from "@archgen/search-space";
import {
	loadSequenceCheckpoint,
	readGptNeoConfig,
	readPretrained,
	readVocabulary,
	saveSequenceCheckpoint,
} from "@archgen/seqgen";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../test/run-cli.js";

/** Whatever comes in, a value comes out or an error of the domain; anything else is a defect. */
async function holds(read: () => unknown): Promise<void> {
	try {
		await read();
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		expect(error.reason).toMatch(/^[A-Z][A-Z0-9_]+$/);
		expect(error.message).not.toBe("");
	}
}

/** A document with one value somewhere in it replaced, removed or added. */
function mutated(document: unknown): fc.Arbitrary<unknown> {
	const paths = pathsOf(document);
	return fc
		.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
		.map(([path, value]) => {
			const copy = structuredClone(document);
			if (path.length === 0) return value;
			let node = copy as Record<string, unknown>;
			for (const key of path.slice(0, -1)) node = node[key] as Record<string, unknown>;
			node[path.at(-1)!] = value;
			return copy;
		});
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
	const children = typeof value === "object" && value !== null ? Object.entries(value) : [];
	return [[...path], ...children.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** Bytes of a file with some changed, cut off or put in. */
function damaged(file: Uint8Array): fc.Arbitrary<Buffer> {
	const edit = fc.tuple(fc.nat(Math.max(0, file.length - 1)), fc.nat(255));
	return fc
		.tuple(fc.array(edit, { maxLength: 5 }), fc.nat(file.length), fc.uint8Array({ maxLength: 8 }))
		.map(([edits, length, tail]) => {
			const bytes = Buffer.from(file);
			for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
			return Buffer.concat([
				edits.length > 3 ? bytes.subarray(0, length) : bytes,
				edits.length === 0 ? tail : Buffer.alloc(0),
			]);
		});
}

const cell = randomCell(createRandom(1));
const network = networkToJson(alphaNetwork(cell));
const mixture = {
	format: "archgen.mixture",
	version: 1,
	dimension: 2,
	weights: [0.5, 0.5],
	means: [
		[0, 0],
		[1, 1],
	],
	covariances: [
		[
			[1, 0],
			[0, 1],
		],
		[
			[1, 0],
			[0, 1],
		],
	],
};
const standardizer = {
	format: "archgen.standardizer",
	version: 1,
	log: [true, false],
	mean: [0, 1],
	std: [1, 2],
};
const state = {
	formatVersion: 1,
	fingerprint: "x",
	random: { key: "k", generator: [1, 2, 3, 4] },
	proposals: 1,
	records: 1,
	dropped: { duplicate: 1 },
};
const manifest = {
	formatVersion: 1,
	name: "default",
	version: "1",
	trainedOn: {},
	metrics: { loss: 1 },
	files: [{ path: "a.json", sha256: "0".repeat(64), bytes: 1 }],
};

const DOCUMENTS: readonly (readonly [name: string, valid: unknown, read: (document: unknown) => unknown])[] =
	[
		["a cell", cellToJson(cell), (json) => cellFromJson(json)],
		["a network", network, networkFromJson],
		["published architectures", { set: [] }, graphNetFileFromJson],
		["a mixture", mixture, mixtureFromJson],
		["a standardizer", standardizer, standardizerFromJson],
		[
			"cells by cluster",
			{ format: "archgen.cluster-cells", version: 1, cells: [cellToJson(cell), null] },
			(json) => clusterCellsFromJson(json, 2),
		],
		[
			"exemplars",
			{ format: "archgen.exemplars", version: 1, exemplars: [{ cluster: 1, cell: cellToJson(cell) }] },
			(json) => exemplarsFromJson(json, 2),
		],
		["a checkpoint", state, parseState],
		["a manifest", manifest, (json) => parseManifest(JSON.stringify(json) ?? "", "manifest")],
		["a line of a history", {}, (json) => parseHistory(`${JSON.stringify(json)}\n`)],
		[
			"latencies",
			{
				device: "x",
				entries: [
					{
						operation: "conv",
						kernel: 3,
						inChannels: 3,
						outChannels: 8,
						resolution: 32,
						stride: 1,
						ms: 0.5,
					},
				],
			},
			(json) => parseLatencyTable(JSON.stringify(json) ?? ""),
		],
		["a launch", {}, (json) => parseLaunch(JSON.stringify(json) ?? "")],
	];

describe("readers of documents", () => {
	it.each(DOCUMENTS)("read %s or say what is wrong with it", async (_, valid, read) => {
		await fc.assert(
			fc.asyncProperty(fc.oneof(mutated(valid), mutated(valid), fc.jsonValue()), (document) =>
				holds(() => read(document)),
			),
			{ numRuns: 300 },
		);
	});
});

const CELL_STRING =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

it("cells of NAS-Bench-201 are read or refused", async () => {
	const parts = fc.string({ unit: fc.constantFrom(..."|+~0123noskip_cvx") });
	const changed = damaged(Buffer.from(CELL_STRING)).map((bytes) => bytes.toString("latin1"));
	await fc.assert(
		fc.asyncProperty(fc.oneof(parts, changed), (text) => holds(() => cellFromNasBench201(text))),
	);
});

const FILES: readonly (readonly [name: string, valid: Buffer, read: (path: string) => Promise<unknown>])[] = [
	["history.jsonl", Buffer.from('{"index":0}\n'), readHistory],
	[
		"labels.jsonl",
		Buffer.from(
			`{"format":"archgen.labels","version":1,"seed":0,"images":"x","batch":64}\n${JSON.stringify({
				index: 0,
				hash: cell.hash,
				cell: cellToJson(cell),
				z: { naswot: 1, snipSsnr: 1, parameterCount: 1, flopCount: 1 },
			})}\n`,
		),
		readLabels,
	],
	["table.csv", Buffer.from(`arch,c10_test\n${CELL_STRING},90.5\n`), readBenchmarkTable],
	[
		"ranking.csv",
		Buffer.from(`arch,c10_val\n${CELL_STRING},90.5\n`),
		(path) => readRankingTable(path, "nasbench201"),
	],
	[
		"properties.csv",
		Buffer.from(`arch,accuracy\n${CELL_STRING},90.5\n`),
		(path) => readPropertyTable(path, searchSpace("nasbench201"), ["accuracy"]),
	],
	[
		"latencies.csv",
		Buffer.from("operation,kernel,in_channels,out_channels,resolution,stride,ms\nconv,3,3,8,32,1,0.5\n"),
		async (path) => parseLatencyTable(readFileSync(path, "utf8")),
	],
	["images.bin", Buffer.alloc(3073 * 2, 3), (path) => loadImages(path, { batch: 2, size: 32 })],
];

describe("readers of files", () => {
	it.each(FILES)("read %s or say what is wrong with it", async (name, valid, read) => {
		const path = join(temporaryFolder(), name);
		await fc.assert(
			fc.asyncProperty(fc.oneof(damaged(valid), fc.uint8Array({ maxLength: 200 })), async (bytes) => {
				writeFileSync(path, bytes);
				await holds(() => read(path));
			}),
			{ numRuns: 200 },
		);
	});
});

describe("readers of checkpoints", () => {
	const parameters = new Map([["weight", new Float32Array([1, 2, 3])]]);
	const trainer = { step: 4, parameters, first: parameters, second: parameters };
	it.each([
		[
			"of sequences",
			(path: string) =>
				saveSequenceCheckpoint(path, { trainer, best: { step: 2, validationLoss: 0.5, parameters } }),
			loadSequenceCheckpoint,
		],
		[
			"of other models",
			(path: string) => saveCheckpoint(path, "print", trainer),
			(path: string) => loadCheckpoint(path, "print"),
		],
	])("%s: damaged ones are read or refused", async (_, save, load) => {
		const path = join(temporaryFolder(), "checkpoint.safetensors");
		await save(path);
		const valid = readFileSync(path);
		await fc.assert(
			fc.asyncProperty(fc.oneof(damaged(valid), fc.uint8Array({ maxLength: 200 })), async (bytes) => {
				writeFileSync(path, bytes);
				await holds(() => load(path));
			}),
			{ numRuns: 200 },
		);
	});
});

it("folders of GPT-Neo are read or refused", async () => {
	const folder = join(temporaryFolder(), "gpt-neo");
	mkdirSync(folder);
	const config = {
		model_type: "gpt_neo",
		vocab_size: 10,
		hidden_size: 8,
		num_layers: 1,
		num_heads: 2,
		max_position_embeddings: 16,
		attention_types: [[["global"], 1]],
		window_size: 4,
		intermediate_size: 32,
	};
	writeFileSync(join(folder, "model.safetensors"), Buffer.alloc(16));
	await fc.assert(
		fc.asyncProperty(fc.oneof(mutated(config), fc.jsonValue()), async (json) => {
			writeFileSync(join(folder, "config.json"), JSON.stringify(json) ?? "");
			for (const read of [readGptNeoConfig, readVocabulary, readPretrained]) await holds(() => read(folder));
		}),
		{ numRuns: 200 },
	);
});
