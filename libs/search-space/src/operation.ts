/** Operation types of a cell, in the order of the one-hot feature columns (paper, App. B). */
export const OPERATION_TYPES = [
	"avg_pool",
	"conv",
	"sep_conv",
	"dil_conv",
	"mbconv_2",
	"mbconv_3",
	"mbconv_6",
	"bconv_2",
	"bconv_4",
] as const;

/** One of the nine operation types; `bconv_2` and `bconv_4` are bottlenecks of expansion 1/2 and 1/4. */
export type OperationType = (typeof OPERATION_TYPES)[number];

/** Kernel sizes, in the order of the one-hot feature columns. */
export const KERNELS = [1, 3, 5] as const;

/** Side of a square kernel. */
export type Kernel = (typeof KERNELS)[number];

/** What one node of a cell computes on the sum of its inputs. */
export interface Operation {
	readonly type: OperationType;
	readonly kernel: Kernel;
}

/** Largest number of operation nodes of a cell. */
export const MAX_OPERATIONS = 6;

const LABELS: ReadonlyMap<string, number> = new Map(
	OPERATION_TYPES.flatMap((type, t) =>
		KERNELS.map((kernel, k) => [`${type}/${kernel}`, t * KERNELS.length + k] as const),
	),
);

/** Position of an operation in the list of all 27, 0 … 26; undefined when there is no such operation. */
export function operationLabel(type: string, kernel: number): number | undefined {
	return LABELS.get(`${type}/${kernel}`);
}

/** The operation at a position of the list of all 27: inverse of {@link operationLabel}. */
export function operationFromLabel(label: number): Operation {
	return {
		type: OPERATION_TYPES[Math.floor(label / KERNELS.length)]!,
		kernel: KERNELS[label % KERNELS.length]!,
	};
}
