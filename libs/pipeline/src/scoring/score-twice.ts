import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { ScoreReport, ScoreRequest } from "@archgen/proxies";

/** The part of a scoring pool that commands use. */
export interface ProxyScorer {
	score(request: ScoreRequest, options: { readonly signal?: AbortSignal }): Promise<ScoreReport>;
}

/** Scores a network; a worker that died may have died of something else, so the network gets a second chance. */
export async function scoreTwice(
	scorer: ProxyScorer,
	request: ScoreRequest,
	signal: AbortSignal | undefined,
): Promise<ScoreReport> {
	const options = signal ? { signal } : {};
	try {
		return await scorer.score(request, options);
	} catch (error) {
		throwIfAborted(signal);
		if (!(error instanceof ArchgenError && error.category === "UNAVAILABLE")) throw error;
		return await scorer.score(request, options);
	}
}
