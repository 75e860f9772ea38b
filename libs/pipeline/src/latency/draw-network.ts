import { DEFAULT_OBJECTIVE, OBJECTIVES, withUsualDepth } from "@archgen/proxies";
import type { Random } from "@archgen/random";
import {
	countNetwork,
	layerDepth,
	lowerNetwork,
	macroNetwork,
	type Network,
	randomCell,
	type Stride,
	targetStemStride,
} from "@archgen/search-space";

const SIZES = [32, 48, 64, 96, 128, 160, 192, 224] as const;
const CLASSES = [10, 100, 1000] as const;
const STAGES = { least: 3, most: 6 } as const;
/** Widths: those of the first stage, how much wider the next one may be at least and at most, and the most there are. */
const WIDTHS = { first: [8, 80], growth: [0.75, 2.7], most: 512 } as const;
/** Multiply-accumulates of the largest network. */
const MOST_MACS = 1.2e9;
/** Side of the last map. */
const LAST_MAP = 4;

/**
 * A random network as generated ones are: three to six stages at 32 to 224 pixels that halve the map down to 4 to 8 pixels, of random widths,
 * at most as deep as the usual bound on depth has it.
 */
export function drawNetwork(random: Random): Network {
	for (;;) {
		const target = { size: random.pick(SIZES), classes: random.pick(CLASSES) };
		const count = STAGES.least + random.integer(STAGES.most - STAGES.least + 1);
		const strides = drawStrides(random, count, halvings(target.size / targetStemStride(target)));
		let width = logUniform(random, WIDTHS.first);
		const stages = strides.map((stride, i) => {
			if (i > 0) width = Math.min(WIDTHS.most, width * logUniform(random, WIDTHS.growth));
			// Most generated stages have one cell.
			const repeats = 1 + random.integer(2) * random.integer(3);
			return { cell: randomCell(random), channels: eights(width), stride, repeats };
		});
		const network = macroNetwork(stages, eights(logUniform(random, [16, 768])), target);
		const { maxDepth } = withUsualDepth({}, OBJECTIVES[DEFAULT_OBJECTIVE].parts, target);
		const fits =
			layerDepth(lowerNetwork(network)) <= maxDepth! && countNetwork(network).macCount <= MOST_MACS;
		if (fits) return network;
	}
}

function halvings(side: number): number {
	return Math.floor(Math.log2(side / LAST_MAP));
}

/** So many halvings, or one less, at random stages. */
function drawStrides(random: Random, count: number, most: number): Stride[] {
	let left = Math.min(count, most - random.integer(2));
	return Array.from({ length: count }, (_, i) => {
		const stride = random.integer(count - i) < left ? 2 : 1;
		left -= stride - 1;
		return stride;
	});
}

function logUniform(random: Random, [least, most]: readonly [number, number]): number {
	return least * (most / least) ** random.uniform();
}

/** The nearest multiple of 8. */
function eights(width: number): number {
	return 8 * Math.max(1, Math.round(width / 8));
}
