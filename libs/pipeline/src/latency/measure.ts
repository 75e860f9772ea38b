import { layersToOnnx } from "@archgen/exporters";
import { lowerNetwork, type Network } from "@archgen/search-space";
import { createInlineRuntime, profileNodes, type TensorValues } from "@archgen/tensor-graph";
import { type SiteTime, siteTimes } from "./site-times.js";

/** Time of one batch of runs at least; the fastest of some batches counts. */
const BATCH_MS = 10;
const BATCHES = 5;

/** Milliseconds since some moment. */
export type Clock = () => number;

/** How times are taken. */
export interface Timing {
	/** Threads of onnxruntime. */
	readonly threads: number;
	readonly clock: Clock;
}

/**
 * Milliseconds that this process has computed. With one thread this is what a run takes on an idle machine, and other programs
 * hardly disturb it.
 */
export const processorTime: Clock = () => {
	const { user, system } = process.cpuUsage();
	return (user + system) / 1000;
};

/** Mean milliseconds of a run of a whole network for one image, in the fastest of some batches. */
export async function timeNetwork(network: Network, { threads, clock }: Timing): Promise<number> {
	const { bytes, feeds } = programOf(network);
	const model = await createInlineRuntime({ threads }).load(bytes, { arena: true });
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

/** What every operation of a network takes where it stands, while it is profiled, which costs time of its own. */
export async function timeSites(network: Network, timing: Timing): Promise<SiteTime[]> {
	const { bytes, feeds } = programOf(network);
	return siteTimes(network, await profileNodes(bytes, feeds, timing));
}

/** Times of a network's operations that add up to that of the network. */
export function scaledTo(whole: number, times: readonly SiteTime[]): SiteTime[] {
	const scale = whole / times.reduce((sum, { ms }) => sum + ms, 0);
	return times.map(({ site, ms }) => ({ site, ms: ms * scale }));
}

function programOf(network: Network): { bytes: Uint8Array; feeds: TensorValues } {
	const graph = lowerNetwork(network);
	const { channels, height, width } = graph.values[graph.input]!;
	const data = new Float32Array(channels * height * width).fill(0.5);
	const images = { dtype: "float32", shape: [1, channels, height, width], data } as const;
	return { bytes: layersToOnnx(graph), feeds: { images } };
}
