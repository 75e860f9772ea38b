import { retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import type { ScoreReport, ScoreRequest } from "@archgen/proxies";

/** The part of a scoring pool that commands use. */
export interface ProxyScorer {
	score(request: ScoreRequest, options: { readonly signal?: AbortSignal }): Promise<ScoreReport>;
}

/** Scores a network; a worker that died may have died of something else, so the network gets a second chance. */
export function scoreTwice(
	scorer: ProxyScorer,
	request: ScoreRequest,
	signal: AbortSignal | undefined,
): Promise<ScoreReport> {
	return retry(() => scorer.score(request, signal ? { signal } : {}), {
		attempts: 2,
		firstDelayMs: 0,
		mayPass: (error) => error instanceof ArchgenError && error.category === "UNAVAILABLE",
		signal,
	});
}
