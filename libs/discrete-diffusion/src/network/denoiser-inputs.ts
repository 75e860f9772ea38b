import { input } from "@archgen/tensor-graph";
import { EDGE_CLASSES, type GraphShape } from "../graph-shape.js";
import type { DenoiserInputs } from "./denoiser.js";
import type { DenoiserSize } from "./denoiser-size.js";

/**
 * Inputs named `nodes`, `edges`, `conditions` (with conditions only) and `time` (for a network that is told it only).
 *
 * @param conditions width of the conditions, 0 for none
 * @param batch rows, or a name for any number of them; default "batch"
 */
export function denoiserInputs(
	{ nodes, nodeClasses }: GraphShape,
	{ time }: DenoiserSize,
	conditions: number,
	batch: number | string = "batch",
): DenoiserInputs {
	return {
		nodes: input("nodes", [batch, nodes, nodeClasses]),
		edges: input("edges", [batch, nodes, nodes, EDGE_CLASSES]),
		conditions: conditions > 0 ? input("conditions", [batch, conditions]) : null,
		time: time ? input("time", [batch, 1]) : null,
	};
}
