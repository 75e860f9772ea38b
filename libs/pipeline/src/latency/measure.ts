import { layersToOnnx } from "@archgen/exporters";
import { chainLayers, type LatencySite } from "@archgen/latency";
import type { LayerGraph } from "@archgen/search-space";
import type { Runtime } from "@archgen/tensor-graph";

/** Time of one batch of runs at least; the fastest of some batches counts. */
const BATCH_MS = 6;
const BATCHES = 3;
/** Copies of an operation in a row; with one less they tell what one costs among others. */
const COPIES = 9;
/** What a difference of two measurements cannot resolve. */
const LEAST_MS = 0.0005;

/** Milliseconds since some moment. */
export type Clock = () => number;

/**
 * Milliseconds that this process has computed. With one thread this is what a run takes on an idle machine, and other programs
 * hardly disturb it.
 */
export const processorTime: Clock = () => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

/** Mean milliseconds of a run, in the fastest of some batches. */
export async function timeRun(runtime: Runtime, graph: LayerGraph, clock: Clock): Promise<number> {
	const model = await runtime.load(layersToOnnx(graph));
	const { channels, height, width } = graph.values[graph.input]!;
	const data = new Float32Array(channels * height * width).fill(0.5);
	const feeds = { images: { dtype: "float32", shape: [1, channels, height, width], data } } as const;
	let fastest = Number.POSITIVE_INFINITY;
	try {
		await model.run(feeds);
		for (let batch = 0; batch < BATCHES; batch++) {
			const began = clock();
			let runs = 0;
			do {
				await model.run(feeds);
				runs++;
			} while (clock() - began < BATCH_MS);
			fastest = Math.min(fastest, (clock() - began) / runs);
		}
	} finally {
		await model.release();
	}
	return fastest;
}

/** Milliseconds of one operation among others: what a row of operations takes longer with it than without. */
export async function measureSite(runtime: Runtime, site: LatencySite, clock: Clock): Promise<number> {
	const { longer, shorter } = rows(site);
	const [more, less] = [
		await timeRun(runtime, chainLayers(longer), clock),
		await timeRun(runtime, chainLayers(shorter), clock),
	];
	return Math.max(LEAST_MS, (more - less) / (longer.length - shorter.length));
}

/** Two rows that differ by the operation alone. */
function rows(site: LatencySite): { longer: LatencySite[]; shorter: LatencySite[] } {
	const { operation, inChannels, outChannels, resolution, stride } = site;
	const plain = { operation: "conv", kernel: 1, stride: 1 } as const;
	if (operation === "head" || operation === "classifier") {
		const before = { ...plain, inChannels, outChannels: inChannels, resolution };
		return { longer: [before, site], shorter: [before] };
	}
	if (inChannels === outChannels && stride === 1) {
		return { longer: Array<LatencySite>(COPIES).fill(site), shorter: [site] };
	}
	const after = {
		...plain,
		inChannels: outChannels,
		outChannels,
		resolution: Math.ceil(resolution / stride),
	};
	return { longer: [site, after], shorter: [after] };
}
