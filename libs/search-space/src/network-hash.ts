import { createHash } from "node:crypto";
import type { Network } from "./network.js";

/**
 * SHA-256 (hex) of what a network computes: input, classes, stem, every cell instance, head. Two ways of writing the same
 * network, such as a stage of four repeats or two of two, have the same hash.
 */
export function networkHash(network: Network): string {
	const instances = network.stages.flatMap(({ cell, channels, stride, repeats }) =>
		Array.from({ length: repeats }, (_, repeat) => [cell.hash, channels, repeat === 0 ? stride : 1]),
	);
	const { input, classes, stem, finalChannels } = network;
	const identity = [input.size, classes, stem.channels, stem.stride, instances, finalChannels];
	return createHash("sha256").update(JSON.stringify(identity)).digest("hex");
}
