import { createRandom, type Random } from "@archgen/random";
import { type Network, randomCell, type Stage, type Stride, TASK_NAMES, TASKS } from "@archgen/search-space";
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

/** {@link randomNetwork} for a task and images that may be anything. */
export function randomTaskNetwork(seed: number): Network {
	const random = createRandom(seed).fork("task");
	const { input, task: _, ...rest } = randomNetwork(seed);
	const task = random.pick(TASK_NAMES);
	const { minimum } = TASKS[task].outputs;
	const width = 16 + random.integer(40);
	return {
		...rest,
		input: {
			size: input.size,
			...(width !== input.size && { width }),
			channels: 1 + random.integer(8),
		},
		classes: task === "features" ? 0 : minimum + random.integer(6),
		...(task !== "classification" && { task }),
	};
}

/** Small random networks for property tests. */
export const arbitraryNetwork = fc.integer({ min: 0, max: 2 ** 31 }).map(randomNetwork);

/** Small random networks for any task and images. */
export const arbitraryTaskNetwork = fc.integer({ min: 0, max: 2 ** 31 }).map(randomTaskNetwork);
