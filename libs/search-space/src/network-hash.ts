import { createHash } from "node:crypto";
import type { Network } from "./network.js";
import { DEFAULT_TASK } from "./task.js";

/**
 * SHA-256 (hex) of what a network computes: input, classes, stem, every cell instance, head. Two ways of writing the same
 * network, such as a stage of four repeats or two of two, have the same hash.
 */
export function networkHash(network: Network): string {
	const instances = network.stages.flatMap(({ cell, channels, stride, repeats }) =>
		Array.from({ length: repeats }, (_, repeat) => [cell.hash, channels, repeat === 0 ? stride : 1]),
	);
	const { input, classes, stem, finalChannels, task } = network;
	const identity: unknown[] = [input.size, classes, stem.channels, stem.stride, instances, finalChannels];
	// Classifiers of square pictures keep the hash that they had before there was anything else.
	if (input.width !== undefined || input.channels !== 3 || task !== undefined)
		identity.push([input.width ?? input.size, input.channels, task ?? DEFAULT_TASK]);
	return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}
