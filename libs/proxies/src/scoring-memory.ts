import { invalidArgument } from "@archgen/errors";
import {
	type Counts,
	countLayers,
	imageMap,
	lowerNetwork,
	type Network,
	type Value,
	valueElements,
} from "@archgen/search-space";
import type { ProxySpec } from "./proxy.js";
import { PROXIES, type ProxyName } from "./proxy-table.js";
import { detachSections } from "./section.js";

/** What scoring is asked to do, as far as it decides the memory. */
export interface ScoringLoadRequest {
	/** Images in the minibatch. */
	readonly images: number;
	readonly proxies: readonly ProxyName[];
}

const FLOAT_BYTES = 4;
/** The process itself, the runtime and compiled sections. */
const BASE_BYTES = 300 * 2 ** 20;
/** Copies of the weights: drawn, fed, and gradients. */
const WEIGHT_COPIES = 3;
/** Copies of a section's activations that are alive at once: forward with sign codes, and with gradients. Estimated with room to spare, not measured. */
const FORWARD_COPIES = 2;
const GRADIENT_COPIES = 4;

/**
 * Memory that a worker needs to score a network, in bytes: the inputs of all sections, which a pass keeps, and all activations of the largest
 * section. An upper estimate rather than a mean one.
 */
export function scoringBytes(network: Network, { images, proxies }: ScoringLoadRequest): number {
	const specs = proxies.map((name): ProxySpec => PROXIES[name]);
	if (specs.every(({ cost }) => cost === "count")) return BASE_BYTES;
	const graph = lowerNetwork(network);
	const { parameterCount }: Counts = countLayers(graph);
	const elements = (values: readonly Value[]) => values.reduce((sum, value) => sum + valueElements(value), 0);
	const sections = detachSections(graph);
	const kept = elements(sections.map(({ values }) => values[0]!));
	const largest = Math.max(...sections.map(({ values }) => elements(values)));
	const copies = specs.some(({ needsGradient }) => needsGradient) ? GRADIENT_COPIES : FORWARD_COPIES;
	return BASE_BYTES + FLOAT_BYTES * (WEIGHT_COPIES * parameterCount + images * (kept + copies * largest));
}

/**
 * Refuses what a worker has no memory for, before it starts.
 *
 * @param field of the request that sets the number of images
 * @throws INVALID_ARGUMENT, reason SCORING_TOO_LARGE, with what is needed and what there is
 */
export function requireScoringMemory(
	network: Network,
	request: ScoringLoadRequest,
	limitBytes: number,
	field: string,
): void {
	const bytes = scoringBytes(network, request);
	if (bytes <= limitBytes) return;
	const { images } = request;
	const { height, width } = imageMap(network.input);
	throw invalidArgument(
		field,
		`${images} images of ${height}×${width} pixels need about ${gibibytes(bytes)} GiB to score this network on, a worker has ${gibibytes(limitBytes)} GiB; use fewer images or smaller ones.`,
		"SCORING_TOO_LARGE",
	);
}

function gibibytes(bytes: number): string {
	return (bytes / 2 ** 30).toFixed(1);
}
