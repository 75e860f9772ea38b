import type { ProxyName, ProxyResult, ScoreReport, ScoreRequest, ScoringPool } from "@archgen/proxies";
import { inSpan } from "@archgen/rpc";
import { countNetwork } from "@archgen/search-space";
import { type NetworkRequest, type ScoreCache, scoringIdentity } from "./score-cache.js";
import { SharedWork } from "./shared-work.js";

/** The part of a report that does not depend on which proxies were computed together. */
export type CachedScores = Pick<ScoreReport, "values" | "counts">;

/** Scores networks, and nothing twice: neither what is in the cache nor what is being computed right now. */
export class CachedScorer {
	readonly #running = new SharedWork<ScoreReport>();

	constructor(
		private readonly pool: Pick<ScoringPool, "score">,
		private readonly cache: ScoreCache,
	) {}

	/** Rejects like `ScoringPool.score`. */
	async score(request: NetworkRequest, signal: AbortSignal): Promise<CachedScores> {
		const identity = scoringIdentity(request);
		const known = new Map(request.proxies.map((name) => [name, this.cache.get(identity, name)]));
		const missing = [...known].filter(([, result]) => result === undefined).map(([name]) => name);
		const values = Object.fromEntries(known) as Record<ProxyName, ProxyResult>;
		if (missing.length > 0) {
			Object.assign(values, await this.#compute(identity, { ...request, proxies: missing }, signal));
		}
		return { values, counts: countNetwork(request.network) };
	}

	async #compute(
		identity: string,
		request: ScoreRequest,
		signal: AbortSignal,
	): Promise<ScoreReport["values"]> {
		const key = `${[...request.proxies].sort()} ${identity}`;
		const start = (shared: AbortSignal) =>
			inSpan("score", () => this.pool.score(request, { signal: shared }), { proxies: [...request.proxies] });
		const { values } = await this.#running.share(key, start, signal);
		for (const [name, result] of Object.entries(values) as [ProxyName, ProxyResult][]) {
			this.cache.set(identity, name, result);
		}
		return values;
	}
}
