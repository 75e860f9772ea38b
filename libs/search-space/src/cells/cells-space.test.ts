import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCell } from "../cell.js";
import { randomRawCell } from "../random-cell.js";
import { normalizeCell } from "../raw-cell.js";
import { ABSENT, decodedOrInvalid, tensorsOf } from "../tensors.js";
import { CELL_CLASSES } from "./cell-tensors.js";
import { cellsSpace as space } from "./cells-space.js";

const classOf = (name: string) => CELL_CLASSES.indexOf(name);
const [INPUT, OUTPUT, CONV, SKIP] = ["input", "output", "conv/3", "skip"].map(classOf) as [
	number,
	number,
	number,
	number,
];
const decode = (classes: readonly number[], edges: readonly (readonly [number, number])[]) =>
	space.decode(tensorsOf(space.tensorShape, classes, edges));
const reasonOf = (...nodesAndEdges: Parameters<typeof decode>) => {
	const decoded = decode(...nodesAndEdges);
	return decoded.valid ? "valid" : `${decoded.reason} ${decoded.field}`;
};
const rest = new Array<number>(5).fill(ABSENT);
const single = [INPUT, CONV, ...rest, OUTPUT];

describe("cells as tensors", () => {
	it("are eight nodes of 28 operations, input or output", () => {
		expect([space.tensorShape.nodes, CELL_CLASSES.length]).toEqual([8, 30]);
		expect(CELL_CLASSES.slice(2, 5)).toEqual(["avg_pool/1", "avg_pool/3", "avg_pool/5"]);
	});

	it("decode to the normalised cell of any point of Ω, skips and unused nodes included", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const raw = randomRawCell(createRandom(seed));
				const labels = raw.operations.map(({ type, kernel }) =>
					type === "skip" ? SKIP : classOf(`${type}/${kernel}`),
				);
				const edges = raw.adjacency.flatMap((row, i) => row.flatMap((e, j) => (e ? [[i, j] as const] : [])));
				const decoded = decode([INPUT, ...labels, OUTPUT], edges);
				expect(decoded).toEqual(decodedOrInvalid(() => normalizeCell(raw)));
			}),
		);
	});

	it("say what is wrong with them", () => {
		const path = [
			[0, 1],
			[1, 7],
		] as const;
		expect(decode(single, path)).toEqual({
			valid: true,
			architecture: createCell(
				[{ type: "conv", kernel: 3 }],
				[
					[0, 1],
					[1, 2],
				],
			),
		});
		expect(reasonOf(single, [[0, 1]])).toBe("CELL_NOT_CONNECTED adjacency");
		expect(reasonOf(single, [...path, [0, 3]])).toBe("ABSENT_NODE_JOINED adjacency[0][3]");
		expect(reasonOf([CONV, CONV, ...rest, OUTPUT], path)).toBe("INPUT_MISPLACED nodes[0]");
		expect(reasonOf([INPUT, OUTPUT, ...rest, OUTPUT], path)).toBe("OUTPUT_MISPLACED nodes[1]");
	});

	it("refuse a cell whose hash is another's", () => {
		const cell = space.random(createRandom(1));
		expect(space.problem({ ...cell, hash: "00" })).toMatchObject({ reason: "CELL_NOT_NORMAL" });
	});
});
