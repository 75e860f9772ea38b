import { createRandom, type Random } from "@archgen/random";
import { type Network, randomCell, type Stage, type Stride } from "@archgen/search-space";
import fc from "fast-check";

const CHANNELS = [8, 16, 24, 40];
const STRIDES: readonly Stride[] = [1, 2];

function randomStage(random: Random): Stage {
	const stride = random.pick(STRIDES);
	return {
		cell: randomCell(random),
		channels: random.pick(CHANNELS),
		stride,
		repeats: 1 + random.integer(3),
	};
}

/** A small valid network: up to three stages of random cells, either head, sizes that strides do not divide. */
export function randomNetwork(seed: number): Network {
	const random = createRandom(seed);
	return {
		input: { size: 16 + random.integer(12), channels: 3 },
		classes: 2 + random.integer(20),
		stem: { channels: random.pick(CHANNELS), stride: random.pick(STRIDES) },
		stages: Array.from({ length: 1 + random.integer(3) }, () => randomStage(random)),
		finalChannels: random.integer(2) === 0 ? null : 32,
	};
}

/** Small random networks for property tests. */
export const arbitraryNetwork = fc.integer({ min: 0, max: 2 ** 31 }).map(randomNetwork);
