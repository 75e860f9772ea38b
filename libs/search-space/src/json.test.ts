import { readFileSync } from "node:fs";
import { createRandom } from "@archgen/random";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCell } from "./cell.js";
import { cellFromJson, cellToJson } from "./cell-json.js";
import { alphaNetwork, type Network } from "./network.js";
import { networkHash } from "./network-hash.js";
import { networkFromJson, networkToJson } from "./network-json.js";
import { validateNetwork } from "./network-validation.js";
import { randomCell } from "./random-cell.js";

const schema = (name: string) =>
	JSON.parse(readFileSync(new URL(`../../../docs/schemas/${name}.schema.json`, import.meta.url), "utf8"));
// each by itself: a schema that refers to another file is not found by every tool
const matchesCell = new Ajv().compile(schema("cell"));
const matchesNetwork = new Ajv().compile(schema("network"));

const CELL = {
	operations: [{ type: "conv", kernel: 3 }],
	edges: [
		[0, 1],
		[1, 2],
	],
};
const NETWORK = {
	input: { size: 32, channels: 3 },
	classes: 10,
	stem: { channels: 16, stride: 1 },
	stages: [{ cell: CELL, channels: 16, stride: 2, repeats: 4 }],
	finalChannels: 64,
};

/** A copy with one field, addressed by a path such as `stages.0.channels`, replaced, or removed where undefined. */
function patched(document: object, path: string, value: unknown): unknown {
	const [head, ...rest] = path.split(".") as [string, ...string[]];
	const copy = (Array.isArray(document) ? [...document] : { ...document }) as Record<string, unknown>;
	if (rest.length > 0) copy[head] = patched(copy[head] as object, rest.join("."), value);
	else if (value === undefined) delete copy[head];
	else copy[head] = value;
	return copy;
}

function named(field: string, reason: string) {
	const violations = [expect.objectContaining({ field })];
	return expect.objectContaining({ category: "INVALID_ARGUMENT", reason, violations });
}

describe("cell JSON", () => {
	it("comes back unchanged and fits its schema", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const cell = randomCell(createRandom(seed));
				const json: unknown = JSON.parse(JSON.stringify(cellToJson(cell)));
				expect(cellFromJson(json)).toEqual(cell);
				expect(matchesCell(json)).toBe(true);
			}),
		);
	});

	it.each([
		["operations[0].type", "UNKNOWN_OPERATION", "operations.0.type", "max_pool"],
		["operations[0].type", "UNKNOWN_OPERATION", "operations.0.type", "skip"],
		["operations[0].type", "UNKNOWN_OPERATION", "operations.0.type", 3],
		["operations[0].type", "UNKNOWN_OPERATION", "operations.0.type", ["conv"]],
		["operations[0].kernel", "UNKNOWN_OPERATION", "operations.0.kernel", 7],
		["operations[0].kernel", "UNKNOWN_OPERATION", "operations.0.kernel", "3"],
		["operations[0].kernel", "UNKNOWN_OPERATION", "operations.0.kernel", { toString: null }],
		["operations[0].kernel", "INVALID_FIELD", "operations.0.kernel", undefined],
		["operations[0].size", "INVALID_FIELD", "operations.0.size", 3],
		["operations", "TOO_MANY_OPERATIONS", "operations", Array(7).fill(CELL.operations[0])],
		["operations", "INVALID_FIELD", "operations", {}],
		["edges", "INVALID_FIELD", "edges", undefined],
		["edges", "CELL_NOT_CONNECTED", "edges", []],
		["edges[0]", "INVALID_EDGE", "edges.0", [0, 1, 2]],
		["edges[0]", "INVALID_EDGE", "edges.0", [0, 0.5]],
		["edges[0]", "INVALID_EDGE", "edges.0", [0, 9]],
		[
			"edges[1]",
			"INVALID_EDGE",
			"edges",
			[
				[0, 1],
				[0, 1],
				[1, 2],
			],
		],
	])("names %s (%s), as the schema does", (field, reason, path, value) => {
		const document = patched(CELL, path, value);
		expect(() => cellFromJson(document)).toThrow(named(field, reason));
		expect(matchesCell(document)).toBe(false);
	});

	it.each([
		[
			"edges[2]",
			"CELL_CYCLIC",
			"edges",
			[
				[0, 1],
				[1, 2],
				[1, 1],
			],
		],
		["edges", "CELL_NOT_CONNECTED", "edges", [[0, 1]]],
		["operations[1]", "CELL_NOT_CONNECTED", "operations", [...CELL.operations, { type: "conv", kernel: 1 }]],
	])("names %s (%s), which no schema can", (field, reason, path, value) => {
		const edges =
			path === "operations"
				? [
						[0, 1],
						[1, 3],
					]
				: CELL.edges;
		expect(() => cellFromJson(patched({ ...CELL, edges }, path, value))).toThrow(named(field, reason));
	});

	it.each([null, 3, "cell", [CELL]])("refuses %j as a document", (document) => {
		expect(() => cellFromJson(document)).toThrow(named("document", "INVALID_FIELD"));
	});
});

describe("network JSON", () => {
	it("comes back unchanged and fits its schema", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const network = alphaNetwork(randomCell(createRandom(seed)));
				const json: unknown = JSON.parse(JSON.stringify(networkToJson(network)));
				expect(networkFromJson(json)).toEqual(network);
				expect(matchesNetwork(json)).toBe(true);
			}),
			{ numRuns: 30 },
		);
	});

	it.each([
		["input.size", "INVALID_NETWORK", "input.size", 15],
		["input.size", "INVALID_NETWORK", "input.size", 513],
		["input.channels", "INVALID_NETWORK", "input.channels", 0],
		["input.channels", "INVALID_NETWORK", "input.channels", 65],
		["input.width", "INVALID_NETWORK", "input.width", 600],
		["task", "INVALID_NETWORK", "task", "detection"],
		["task", "INVALID_NETWORK", "task", null],
		["classes", "INVALID_NETWORK", "classes", 0],
		["classes", "INVALID_NETWORK", "classes", 100_001],
		["classes", "INVALID_NETWORK", "classes", "10"],
		["stem.channels", "INVALID_NETWORK", "stem.channels", 12],
		["stages[0].channels", "INVALID_NETWORK", "stages.0.channels", 1032],
		["stages[0].channels", "INVALID_NETWORK", "stages.0.channels", 0],
		["stages[0].channels", "INVALID_NETWORK", "stages.0.channels", null],
		["stages[0].stride", "INVALID_NETWORK", "stages.0.stride", 3],
		["stages[0].repeats", "INVALID_NETWORK", "stages.0.repeats", 5],
		["finalChannels", "INVALID_NETWORK", "finalChannels", 4],
		["finalChannels", "INVALID_FIELD", "finalChannels", undefined],
		["stages", "INVALID_NETWORK", "stages", []],
		["stages[0].width", "INVALID_FIELD", "stages.0.width", 8],
		["stages[0].cell.operations[0].type", "UNKNOWN_OPERATION", "stages.0.cell.operations.0.type", "conv3"],
		["stages[0].cell", "INVALID_FIELD", "stages.0.cell", undefined],
	])("names %s (%s), as the schema does", (field, reason, path, value) => {
		const document = patched(NETWORK, path, value);
		expect(() => networkFromJson(document)).toThrow(named(field, reason));
		expect(matchesNetwork(document)).toBe(false);
	});

	it.each([
		{ ...NETWORK, input: { size: 16, width: 52, channels: 1 }, classes: 18 },
		{ ...NETWORK, input: { size: 85, channels: 1 }, classes: 1, task: "dense" },
		{ ...NETWORK, classes: 0, task: "features" },
		{ ...NETWORK, classes: 1, task: "regression" },
		{ ...NETWORK, classes: 14, task: "multilabel" },
	])("reads and writes other images and tasks: $task $classes", (document) => {
		expect(matchesNetwork(document)).toBe(true);
		expect(networkToJson(networkFromJson(document))).toEqual(document);
	});

	it.each([
		{ ...NETWORK, task: "features" },
		{ ...NETWORK, classes: 1 },
		{ ...NETWORK, classes: 1, task: "classification" },
		{ ...NETWORK, classes: 0, task: "dense" },
		{ ...NETWORK, classes: 5000, task: "dense" },
	])("knows how many outputs a task has: $task $classes", (document) => {
		expect(() => networkFromJson(document)).toThrow(named("classes", "INVALID_NETWORK"));
		expect(matchesNetwork(document)).toBe(false);
	});

	it("writes defaults as if they were not given", () => {
		const spelled = { ...NETWORK, input: { size: 32, width: 32, channels: 3 }, task: "classification" };
		expect(networkToJson(networkFromJson(spelled))).toEqual(NETWORK);
	});

	it("refuses more than twenty cells", () => {
		const document = { ...NETWORK, stages: Array(6).fill(NETWORK.stages[0]) };
		expect(() => networkFromJson(document)).toThrow(named("stages", "INVALID_NETWORK"));
	});

	it("names every field that is out of bounds", () => {
		const network = networkFromJson(NETWORK);
		const broken: Network = { ...network, classes: Number.NaN, finalChannels: Number.POSITIVE_INFINITY };
		expect(() => validateNetwork(broken)).toThrow(
			expect.objectContaining({
				violations: [
					{ field: "classes", description: "must be a whole number from 2 to 100000, got NaN" },
					expect.objectContaining({ field: "finalChannels" }),
				],
			}),
		);
	});
});

describe("networkHash", () => {
	const network = networkFromJson(NETWORK);
	const stage = network.stages[0]!;

	it("does not depend on how repeats are written", () => {
		const split = {
			...network,
			stages: [
				{ ...stage, repeats: 1 },
				{ ...stage, stride: 1 as const, repeats: 3 },
			],
		};
		expect(networkHash(split)).toBe(networkHash(network));
	});

	it("depends on every field", () => {
		const other = createCell(
			[{ type: "conv", kernel: 5 }],
			[
				[0, 1],
				[1, 2],
			],
		);
		const variants: Network[] = [
			network,
			{ ...network, input: { size: 64, channels: 3 } },
			{ ...network, input: { size: 64, width: 48, channels: 3 } },
			{ ...network, input: { size: 64, channels: 1 } },
			...(["multilabel", "regression", "dense"] as const).map((task) => ({ ...network, task })),
			{ ...network, task: "features", classes: 0 },
			{ ...network, classes: 11 },
			{ ...network, stem: { channels: 24, stride: 1 } },
			{ ...network, stem: { channels: 16, stride: 2 } },
			{ ...network, finalChannels: null },
			...[{ cell: other }, { channels: 24 }, { stride: 1 as const }, { repeats: 3 }].map((change) => ({
				...network,
				stages: [{ ...stage, ...change }],
			})),
		];
		expect(new Set(variants.map(networkHash)).size).toBe(variants.length);
	});
});

describe("the schemas", () => {
	it("say the same of a cell", () => {
		const { $schema: _, $id: __, ...cell } = schema("cell") as Record<string, unknown>;
		expect((schema("network") as { definitions: { cell: unknown } }).definitions.cell).toEqual(cell);
	});

	it("take a network with its provenance, and so does the reader", () => {
		const document = { ...NETWORK, provenance: { seed: "7" } };
		expect(matchesNetwork(document)).toBe(true);
		expect(networkFromJson(document)).toEqual(networkFromJson(NETWORK));
	});
});
