import { performance } from "node:perf_hooks";
import { layersToOnnx } from "@archgen/exporters";
import { type LatencySite, siteLayers } from "@archgen/latency";
import type { LayerGraph } from "@archgen/search-space";
import type { Runtime } from "@archgen/tensor-graph";

/** Copies of an operation in a row where its output fits its input; the first one pays for what surrounds them. */
const COPIES = 4;
/** Least time that one measurement repeats runs for. */
const LEAST_MS = 15;
const LEAST_RUNS = 8;

/** Milliseconds of the fastest of many runs: what the machine takes when nothing disturbs it. */
export async function fastestRun(runtime: Runtime, graph: LayerGraph, leastMs = LEAST_MS): Promise<number> {
	const model = await runtime.load(layersToOnnx(graph));
	const { channels, size } = graph.values[graph.input]!;
	const data = new Float32Array(channels * size * size).fill(0.5);
	const feeds = { images: { dtype: "float32", shape: [1, channels, size, size], data } } as const;
	let fastest = Number.POSITIVE_INFINITY;
	try {
		await model.run(feeds);
		const began = performance.now();
		for (let runs = 0; runs < LEAST_RUNS || performance.now() - began < leastMs; runs++) {
			const start = performance.now();
			await model.run(feeds);
			fastest = Math.min(fastest, performance.now() - start);
		}
	} finally {
		await model.release();
	}
	return fastest;
}

/**
 * Milliseconds of one operation inside a network: the difference between four in a row and one where that is possible, else a
 * run less the time of an empty one.
 *
 * @param empty time of a run that computes next to nothing
 */
export async function measureSite(runtime: Runtime, site: LatencySite, empty: number): Promise<number> {
	const one = await fastestRun(runtime, siteLayers(site));
	const alone = Math.max(one - empty, empty / 20);
	const chains = site.inChannels === site.outChannels && site.stride === 1 && canChain(site);
	if (!chains) return alone;
	const many = await fastestRun(runtime, siteLayers(site, COPIES));
	return Math.min(alone, Math.max((many - one) / (COPIES - 1), alone / 20));
}

function canChain({ operation }: LatencySite): boolean {
	return operation !== "head" && operation !== "classifier" && operation !== "stem";
}

/** Time of a run that computes next to nothing. */
export function emptyRun(runtime: Runtime): Promise<number> {
	const site = {
		operation: "add",
		kernel: 1,
		inChannels: 1,
		outChannels: 1,
		resolution: 1,
		stride: 1,
	} as const;
	return fastestRun(runtime, siteLayers(site));
}
