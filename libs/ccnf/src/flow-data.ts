import { invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import type { CcnfSize } from "./ccnf-size.js";

/** Latents with the condition each one stands under. */
export interface FlowData {
	/** Flat [n, D]. */
	readonly latents: Float32Array;
	/** Standardised zero-cost vectors, flat [n, 4]. */
	readonly conditions: Float32Array;
}

/** Number of rows; throws INVALID_ARGUMENT if the arrays do not belong together. */
export function checkFlowData({ latents, conditions }: FlowData, size: CcnfSize): number {
	const rows = latents.length / size.dimension;
	if (!Number.isInteger(rows) || rows === 0) {
		throw invalidArgument("latents", `the length must be a positive multiple of ${size.dimension}`);
	}
	if (conditions.length !== rows * size.condition) {
		throw invalidArgument("conditions", `${rows} latents need ${rows * size.condition} numbers`);
	}
	if (!latents.every(Number.isFinite)) throw invalidArgument("latents", "all numbers must be finite");
	if (!conditions.every(Number.isFinite)) throw invalidArgument("conditions", "all numbers must be finite");
	return rows;
}

/** `count` rows drawn with replacement. */
export function drawRows(data: FlowData, size: CcnfSize, count: number, random: Random): FlowData {
	const rows = data.latents.length / size.dimension;
	const latents = new Float32Array(count * size.dimension);
	const conditions = new Float32Array(count * size.condition);
	for (let i = 0; i < count; i++) {
		const row = random.integer(rows);
		latents.set(rowOf(data.latents, row, size.dimension), i * size.dimension);
		conditions.set(rowOf(data.conditions, row, size.condition), i * size.condition);
	}
	return { latents, conditions };
}

function rowOf(values: Float32Array, row: number, width: number): Float32Array {
	return values.subarray(row * width, (row + 1) * width);
}
