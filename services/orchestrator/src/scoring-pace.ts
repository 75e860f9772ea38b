import { createRandom } from "@archgen/random";
import { countNetwork, macroNetwork, type Network, randomCell, type Target } from "@archgen/search-space";

/** Multiply-accumulates that take about as long as what every layer costs beside its own, measured over budgets from 20M to 1.5G. */
const MACS_PER_LAYER = 1e7;

/** Expected effort of scoring a network at its size on some images, in multiply-accumulates. */
export function scoringWork(network: Network, images: number): number {
	const { macCount, layerCount } = countNetwork(network);
	return images * macCount + MACS_PER_LAYER * layerCount;
}

/** A small network to try the speed with: two cells on 32 and 64 channels. */
export function trialNetwork({ size, width, channels }: Target): Network {
	const stages = [32, 64].map((channels, i) => ({
		cell: randomCell(createRandom(i)),
		channels,
		stride: (i + 1) as 1 | 2,
		repeats: 1,
	}));
	return macroNetwork(stages, 64, {
		size,
		classes: 10,
		...(width !== undefined && { width }),
		...(channels !== undefined && { channels }),
	});
}

/** How fast networks were scored last, for each objective, by all zc-proxy workers together. */
export class ScoringPace {
	readonly #workPerMs = new Map<string, number>();

	/** Notes that work of {@link scoringWork} was done in some time. */
	note(objective: string, work: number, ms: number): void {
		if (work > 0 && ms > 0) this.#workPerMs.set(objective, work / ms);
	}

	/** Seconds that work is expected to take; undefined before any was done. */
	secondsFor(objective: string, work: number): number | undefined {
		const rate = this.#workPerMs.get(objective);
		return rate && work / rate / 1000;
	}
}
