import { ZC_COLUMNS } from "@archgen/design";
import { KERNELS, MAX_OPERATIONS, OPERATION_TYPES } from "@archgen/search-space";

/** Operation slots of a cell. */
export const SLOTS = MAX_OPERATIONS;
/** Operation types without skip. */
export const TYPES = OPERATION_TYPES.length;
/** Kernel sizes. */
export const KERNEL_SIZES = KERNELS.length;
/** Size of the latent space (paper, appendix A). */
export const LATENT = 256;
/** Nodes of the encoded graph: global, input, six operation slots, output. */
export const NODES = SLOTS + 3;
/** Node features: operation types ‖ input, output, global ‖ kernel sizes. */
export const FEATURES = TYPES + 3 + KERNEL_SIZES;
/** Numbers in the zero-cost vector. */
export const ZC_DIMENSION = ZC_COLUMNS.length;
/** Where in it the two numbers begin that need no measurement. */
export const FIRST_COUNT = ZC_COLUMNS.indexOf("parameterCount");
/** Node states of the encoder (paper, appendix A). */
export const HIDDEN = 512;

export const GLOBAL_NODE = 0;
export const INPUT_NODE = 1;
/** First operation slot; slot `s` is node `FIRST_SLOT + s`. */
export const FIRST_SLOT = 2;
/** The output always stands last, whatever the number of operations: one meaning for each edge position. */
export const OUTPUT_NODE = NODES - 1;

export const INPUT_FEATURE = TYPES;
export const OUTPUT_FEATURE = TYPES + 1;
export const GLOBAL_FEATURE = TYPES + 2;
export const FIRST_KERNEL_FEATURE = TYPES + 3;

/** Node pairs of the strict upper triangle, row by row: position in this list = index of the edge logit. */
export const EDGE_PAIRS: readonly (readonly [from: number, to: number])[] = Array.from(
	{ length: NODES },
	(_, from) => Array.from({ length: NODES - 1 - from }, (_, step) => [from, from + 1 + step] as const),
).flat();

/** Edge logits of a decoded cell: 36 node pairs. */
export const EDGES = EDGE_PAIRS.length;

/** Index of an edge logit; `from` < `to`. */
export function edgeIndex(from: number, to: number): number {
	return (from * (2 * NODES - from - 1)) / 2 + (to - from - 1);
}
