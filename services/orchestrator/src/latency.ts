import { invalidArgument } from "@archgen/errors";
import type { Rejection } from "@archgen/generation";
import { LatencyModel } from "@archgen/latency";
import type { common, orchestrator } from "@archgen/rpc";
import type { Network } from "@archgen/search-space";
import { latencyTableFromMessage } from "@archgen/wire";

/** Predicted latency of the networks of one request. */
export interface LatencyPredictor {
	/** Drops networks over the bound of the request; none without a bound. */
	readonly reject: Rejection;
	readonly predict: (network: Network) => common.LatencyEstimate;
}

/**
 * What the request's table predicts; undefined without one.
 *
 * @throws INVALID_ARGUMENT for a bad table, one with gaps, or a bound without a table
 */
export function latencyPredictor({
	latencyTable,
	maxLatencyMs,
}: Pick<orchestrator.GenerationSpec, "latencyTable" | "maxLatencyMs">): LatencyPredictor | undefined {
	const table = latencyTableFromMessage(latencyTable);
	if (maxLatencyMs !== undefined && !(maxLatencyMs > 0)) {
		throw invalidArgument("maxLatencyMs", `must be above 0, not ${maxLatencyMs}.`);
	}
	if (table === undefined) {
		if (maxLatencyMs === undefined) return undefined;
		throw invalidArgument(
			"latencyTable",
			"is needed to predict latency; archgen profile-latency measures one.",
		);
	}
	const model = new LatencyModel(table);
	model.requireNoGaps();
	return {
		reject: (network) =>
			maxLatencyMs !== undefined && model.predict(network).ms > maxLatencyMs
				? "constraint:maxLatencyMs"
				: undefined,
		predict: (network) => {
			const { ms, errorMs } = model.predict(network);
			return { latencyMs: ms, errorMs };
		},
	};
}
