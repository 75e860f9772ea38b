import { CONSTRAINT_NAMES, checkConstraints } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import { common } from "@archgen/rpc";
import { countNetwork, type Network, randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
	cellFromMessage,
	cellToMessage,
	conditionFromMessage,
	conditionToMessage,
	constraintOfKind,
	constraintsFromMessage,
	constraintsToMessage,
	countsFromMessage,
	countsToMessage,
	latentsFromMessages,
	latentsToMessages,
	marginsToMessages,
	networkFromMessage,
	networkToMessage,
	sequenceFromMessage,
	sequenceToMessage,
} from "./index.js";

const seeds = fc.nat();
const channels = fc.integer({ min: 1, max: 16 }).map((eighths) => 8 * eighths);
const stride = fc.constantFrom(1 as const, 2 as const);
const repeats = fc.integer({ min: 1, max: 4 });

const networks: fc.Arbitrary<Network> = fc.record({
	input: fc.record({ size: fc.integer({ min: 16, max: 512 }), channels: fc.constant(3 as const) }),
	classes: fc.integer({ min: 2, max: 100_000 }),
	stem: fc.record({ channels, stride }),
	stages: fc.array(
		fc.record({ cell: seeds.map((seed) => randomCell(createRandom(seed))), channels, stride, repeats }),
		{ minLength: 1, maxLength: 5 },
	),
	finalChannels: fc.option(channels, { nil: null }),
});

/** What the bytes of a message say, as the other side reads them. */
function sent<T>(
	type: { encode(message: T): { finish(): Uint8Array }; decode(bytes: Uint8Array): T },
	message: T,
): T {
	return type.decode(type.encode(message).finish());
}

function failure(body: () => unknown): ArchgenError {
	try {
		body();
	} catch (error) {
		expect(error).toBeInstanceOf(ArchgenError);
		return error as ArchgenError;
	}
	throw new Error("Nothing was thrown.");
}

test("cells survive the way over the wire", () => {
	fc.assert(
		fc.property(seeds, (seed) => {
			const cell = randomCell(createRandom(seed));
			expect(cellFromMessage(sent(common.Cell, cellToMessage(cell)), "cell")).toEqual(cell);
		}),
	);
});

test("networks and counts survive the way over the wire", () => {
	fc.assert(
		fc.property(networks, (network) => {
			expect(networkFromMessage(sent(common.Network, networkToMessage(network)), "network")).toEqual(network);
			const counts = countNetwork(network);
			expect(countsFromMessage(sent(common.Counts, countsToMessage(counts)))).toEqual(counts);
		}),
		{ numRuns: 30 },
	);
});

test("every combination of bounds survives, and margins keep their kind", () => {
	const bound = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
	const constraints = fc.record(Object.fromEntries(CONSTRAINT_NAMES.map((name) => [name, bound])), {
		requiredKeys: [],
	});
	fc.assert(
		fc.property(constraints, (given) => {
			expect(constraintsFromMessage(sent(common.Constraints, constraintsToMessage(given)))).toEqual(given);
			const counts = {
				...{ parameterCount: 5, macCount: 6, flopCount: 7, layerCount: 1, depth: 4 },
				...{ weightBytesInt8: 8, weightBytesFloat32: 9 },
				...{ peakActivationBytesInt8: 10, peakActivationBytesFloat32: 11 },
			};
			const messages = marginsToMessages(checkConstraints(counts, given).margins);
			expect(messages.map(({ kind }) => constraintOfKind(kind)).sort()).toEqual(Object.keys(given).sort());
			expect(
				messages.every(({ relativeMargin, kind, limit, actual }) => {
					const slack = constraintOfKind(kind)!.startsWith("max") ? limit - actual : actual - limit;
					return Math.sign(relativeMargin) === Math.sign(Number(slack));
				}),
			).toBe(true);
		}),
	);
	expect(constraintsFromMessage(undefined)).toEqual({});
});

test("sequences and conditions survive", () => {
	const stages = fc.array(fc.record({ cluster: fc.nat({ max: 63 }), channels, stride, repeats }), {
		maxLength: 6,
	});
	fc.assert(
		fc.property(fc.record({ stages, finalChannels: channels }), (sequence) => {
			expect(sequenceFromMessage(sent(common.MacroSequence, sequenceToMessage(sequence)))).toEqual(sequence);
		}),
	);
	const count = fc.integer({ min: 1, max: 2 ** 40 });
	const score = fc.double({ noNaN: true, noDefaultInfinity: true });
	const size = fc.integer({ min: 1, max: 100_000 });
	const condition = fc.record(
		{
			classes: size,
			inputSize: size,
			parameterCount: count,
			flopCount: count,
			naswot: score,
			snipSsnr: score,
			depth: size,
			peakActivationBytesInt8: count,
		},
		{ requiredKeys: [] },
	);
	fc.assert(
		fc.property(condition, (given) => {
			expect(conditionFromMessage(sent(common.Condition, conditionToMessage(given)))).toEqual(given);
		}),
	);
});

test("latents survive, and one of the wrong length or with NaN is named", () => {
	const flat = Float32Array.from([1, 2, 3, 4, 5, 6]);
	const messages = latentsToMessages(flat, 3).map((latent) => sent(common.Latent, latent));
	expect(latentsFromMessages("latents", messages, 3)).toEqual(flat);
	expect(failure(() => latentsFromMessages("latents", messages, 4)).violations[0]?.field).toBe(
		"latents[0].values",
	);
	messages[1]!.values[0] = Number.NaN;
	expect(failure(() => latentsFromMessages("latents", messages, 3)).violations[0]?.field).toBe(
		"latents[1].values",
	);
});

test.each([
	["operations[0].type", "UNKNOWN_OPERATION", { operations: [{ type: 0, kernel: 3 }] }],
	["operations[0].type", "UNKNOWN_OPERATION", { operations: [{ type: 77, kernel: 3 }] }],
	["operations[0].kernel", undefined, { operations: [{ type: 2, kernel: 4 }] }],
	[
		"edges",
		"CELL_CYCLIC",
		{
			operations: [2, 2].map((type) => ({ type, kernel: 3 })),
			edges: [
				[0, 1],
				[1, 2],
				[2, 1],
				[2, 3],
			],
		},
	],
	["", "CELL_NOT_CONNECTED", { operations: [{ type: 2, kernel: 3 }], edges: [[0, 1]] }],
])("a bad cell names %s (%s)", (field, reason, {
	operations,
	edges = [
		[0, 1],
		[1, 2],
	],
}: { operations: { type: number; kernel: number }[]; edges?: number[][] }) => {
	const message = common.Cell.fromPartial({ operations, edges: edges.map(([from, to]) => ({ from, to })) });
	const error = failure(() => cellFromMessage(message, "items[2].cell"));
	expect(error.category).toBe("INVALID_ARGUMENT");
	expect(error.violations[0]?.field).toMatch(/^items\[2\]\.cell/);
	expect(error.violations[0]?.field).toContain(field);
	if (reason) {
		expect(error.reason).toBe(reason);
	}
});

test("a bad network names its fields as the message has them", () => {
	const good = networkToMessage(fc.sample(networks, { numRuns: 1, seed: 1 })[0]!);
	const fieldsOf = (change: Partial<common.Network>) =>
		failure(() => networkFromMessage({ ...good, ...change }, "network")).violations.map(({ field }) => field);
	expect(fieldsOf({ inputSize: 15 })).toEqual(["network.input_size"]);
	expect(fieldsOf({ classCount: 0 })).toEqual(["network.class_count"]);
	expect(fieldsOf({ finalChannels: 12 })).toEqual(["network.final_channels"]);
	expect(fieldsOf({ stem: undefined })).toEqual(["network.stem"]);
	expect(fieldsOf({ stages: [] })).toEqual(["network.stages"]);
	expect(fieldsOf({ stages: [{ ...good.stages[0]!, channels: 20 }] })).toEqual([
		"network.stages[0].channels",
	]);
	expect(fieldsOf({ stages: [{ ...good.stages[0]!, cell: undefined }] })).toEqual(["network.stages[0].cell"]);
});
