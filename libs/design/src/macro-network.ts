import {
	createCell,
	largestStride,
	macroNetwork,
	NETWORK_LIMITS,
	type Network,
	type Stage,
	type Target,
	targetStemStride,
} from "@archgen/search-space";

/**
 * The network of the space with the fewest parameters, the fewest multiply-accumulates and the smallest flopCount, all
 * three at once.
 *
 * Every width is the least. A stage of one strided average pool has no parameters and no multiply-accumulates, and for
 * each input element it costs 1 (pool), for each output element 1 (BN without affine): no operation and no projection
 * reads its input for less. The head costs 2 + 1 + 8 + 2 + 1 for each element, so halving pays until one pixel is left, or in dense prediction
 * the output stride is reached.
 */
export function smallestNetwork(target: Target): Network {
	const cell = createCell(
		[{ type: "avg_pool", kernel: 1 }],
		[
			[0, 1],
			[1, 2],
		],
	);
	const channels = NETWORK_LIMITS.channels.minimum;
	const stages: Stage[] = [];
	const { size, width = size } = target;
	const stem = targetStemStride(target);
	let stride: number = stem;
	for (let side = Math.ceil(Math.max(size, width) / stem); side > 1; side = Math.ceil(side / 2)) {
		if (stride >= largestStride(target)) break;
		stages.push({ cell, channels, stride: 2, repeats: 1 });
		stride *= 2;
	}
	if (stages.length === 0) stages.push({ cell, channels, stride: 1, repeats: 1 });
	return macroNetwork(stages, channels, target);
}

/** The nearest width that the space allows: a multiple of 8 in 8 … 1024. */
export function roundChannels(width: number): number {
	const { minimum, maximum, multipleOf } = NETWORK_LIMITS.channels;
	return Math.min(maximum, Math.max(minimum, Math.round(width / multipleOf) * multipleOf));
}

/** Cell instances of all stages together. */
export function cellCount(stages: readonly { readonly repeats: number }[]): number {
	return stages.reduce((sum, { repeats }) => sum + repeats, 0);
}
