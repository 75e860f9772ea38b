import { choiceSpace } from "../choice-space.js";
import { readObject } from "../fields.js";
import {
	NASBENCH201_EDGES,
	NASBENCH201_OPERATIONS,
	type NasBench201Operation,
	nasBench201Operations,
	nasBench201String,
} from "./nasbench201.js";
import { lowerNasBench201Operations } from "./nasbench201-network.js";
import { nasBench201Structure } from "./nasbench201-structure.js";

/** Operation on each of the six edges, in the order of `NASBENCH201_EDGES`. */
export type NasBench201Architecture = readonly NasBench201Operation[];

/** Cell node that is the output. */
const LAST = 3;

/**
 * Line graph of the cell: node 0 is the input, node e + 1 the operation on edge e, node 7 the output. An operation feeds those on the edges that
 * start where its own ends.
 */
const LINE_GRAPH = NASBENCH201_EDGES.flatMap(([from, end], e) => [
	...(from === 0 ? [[0, e + 1] as const] : []),
	...NASBENCH201_EDGES.flatMap(([start], next) => (start === end ? [[e + 1, next + 1] as const] : [])),
	...(end === LAST ? [[e + 1, NASBENCH201_EDGES.length + 1] as const] : []),
]);

/**
 * NAS-Bench-201 (Dong & Yang, ICLR 2020): cells of four nodes, one of five operations on each of the six edges. The network keeps that benchmark's
 * own semantics, see `lowerNasBench201`. JSON form: `{"arch": "|nor_conv_3x3~0|+…|"}`.
 */
export const nasBench201Space = choiceSpace<NasBench201Operation>({
	name: "nasbench201",
	title: "NAS-Bench-201",
	source: "Dong & Yang, ICLR 2020",
	target: { size: 32, classes: 10 },
	positions: NASBENCH201_EDGES.map(() => NASBENCH201_OPERATIONS),
	edges: LINE_GRAPH,
	hash: nasBench201Structure,
	lower: lowerNasBench201Operations,
	toJson: (operations) => ({ arch: nasBench201String(operations) }),
	fromJson: (value) => nasBench201Operations(readObject(value, "", ["arch"]).arch),
});
