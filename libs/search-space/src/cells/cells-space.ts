import { type Cell, createCell } from "../cell.js";
import { cellFromJson, cellToJson } from "../cell-json.js";
import { lowerNetwork } from "../lower-network.js";
import { mutateCell } from "../mutate-cell.js";
import { alphaNetwork } from "../network.js";
import { MAX_OPERATIONS } from "../operation.js";
import { randomCell } from "../random-cell.js";
import { RAW_NODES } from "../raw-cell.js";
import type { SearchSpace } from "../search-space.js";
import { checkTarget, TARGET_LIMITS } from "../space-limits.js";
import { decodedOrInvalid, invalid, readTensors, tensorsOf } from "../tensors.js";
import { CELL_CLASSES, cellNodes, cellOfNodes } from "./cell-tensors.js";

const SHAPE = { nodes: RAW_NODES, classes: CELL_CLASSES, absentNodes: true, edges: null } as const;
const TARGET = { size: 32, classes: 10 };
/** Edges between eight nodes, and 27 operations or a skip at each of six. */
const ARCHITECTURES = 2n ** BigInt((RAW_NODES * (RAW_NODES - 1)) / 2) * 28n ** BigInt(MAX_OPERATIONS);
const LIMITS = { architectures: ARCHITECTURES, ...TARGET_LIMITS };

/**
 * Cells of the micro space Ω (Xiang et al., ICML 2024), each built as its scoring network α_x. JSON form: that of a cell,
 * `docs/schemas/cell.schema.json`.
 */
export const cellsSpace: SearchSpace<Cell> = {
	name: "cells",
	title: "Cells of the micro space Ω",
	source: "Xiang et al., ICML 2024",
	limits: LIMITS,
	target: TARGET,
	tensorShape: SHAPE,
	random: randomCell,
	mutate: mutateCell,
	hash: ({ hash }) => hash,
	problem(cell) {
		const created = decodedOrInvalid(() => createCell(cell.operations, cell.edges));
		if (!created.valid) return created;
		if (created.architecture.hash === cell.hash) return undefined;
		return invalid("CELL_NOT_NORMAL", "hash", "is not that of the operations and edges; use createCell");
	},
	lower: (cell, target = TARGET) => lowerNetwork(alphaNetwork(cell, checkTarget(LIMITS, target))),
	encode(cell) {
		const { classes, edges } = cellNodes(cell);
		return tensorsOf(SHAPE, classes, edges);
	},
	decode(tensors) {
		const read = readTensors(SHAPE, tensors);
		return read.valid ? cellOfNodes(read.architecture) : read;
	},
	toJson: cellToJson,
	fromJson: (value) => cellFromJson(value),
};
