import type { ProxyName, ProxyResult, ScoreRequest } from "@archgen/proxies";
import { type Network, networkHash } from "@archgen/search-space";
import { LRUCache } from "lru-cache";
import type { ScoreFile } from "./score-file.js";

/** A request for a network of ours, which has a hash. */
export type NetworkRequest = ScoreRequest & { readonly network: Network };

/**
 * Everything that a score depends on besides the proxy. The repeats of the stages are part of it: four repeats and two stages of two are the same
 * network, but their initial weights are drawn by the names of their layers.
 */
export function scoringIdentity({ network, batch, seed, bnMode = "eval" }: NetworkRequest): string {
	const repeats = network.stages.map((stage) => stage.repeats).join("-");
	return [networkHash(network), repeats, batch.identity, seed, bnMode].join(" ");
}

/**
 * Outcomes of proxies by network, proxy, data, seed and batch-norm mode. A proxy that has no value for a network is an outcome
 * too. The one that was not asked for the longest goes first when there is no room.
 */
export class ScoreCache {
	readonly #outcomes: LRUCache<string, ProxyResult>;
	#hits = 0;
	#misses = 0;

	/**
	 * @param entries outcomes kept, some 300 bytes each
	 * @param file where they are kept over restarts as well
	 */
	constructor(
		entries: number,
		private readonly file?: ScoreFile,
	) {
		this.#outcomes = new LRUCache({ max: entries });
		for (const { key, result } of file?.known ?? []) {
			this.#outcomes.set(key, result);
		}
	}

	/** Questions that were answered from here, and those that were not. */
	get asked(): { readonly hits: number; readonly misses: number } {
		return { hits: this.#hits, misses: this.#misses };
	}

	get(identity: string, proxy: ProxyName): ProxyResult | undefined {
		const result = this.#outcomes.get(keyOf(identity, proxy));
		if (result === undefined) {
			this.#misses += 1;
		} else {
			this.#hits += 1;
		}
		return result;
	}

	set(identity: string, proxy: ProxyName, result: ProxyResult): void {
		const key = keyOf(identity, proxy);
		if (this.#outcomes.has(key)) {
			return;
		}
		this.#outcomes.set(key, result);
		this.file?.append({ key, result });
	}
}

function keyOf(identity: string, proxy: ProxyName): string {
	return `${proxy} ${identity}`;
}
