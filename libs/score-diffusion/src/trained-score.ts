import { input } from "@archgen/tensor-graph";
import { scoreNetwork } from "./score-network.js";
import type { ScoreNetworkSize } from "./score-network-size.js";
import type { VarianceExplodingSde } from "./sde.js";
import type { StateShape } from "./state-shape.js";
import { bakeNetwork, type NetworkBuilder, type Parameters, storedParameters } from "./stored-network.js";

/** All about a trained score but its weights. */
export interface ScoreDescription {
	readonly shape: StateShape;
	readonly size: ScoreNetworkSize;
	readonly sde: VarianceExplodingSde;
}

export interface TrainedScore {
	readonly description: ScoreDescription;
	readonly parameters: Parameters;
}

/** Files of a trained score. */
export const SCORE_FILES = { network: "score.onnx", description: "score.json" } as const;

/**
 * A trained score as files, by name:
 * - `score.onnx`: x [batch, nodes, operations], sigma [batch, 1] → score [batch, nodes, operations]
 * - `score.json`: `ScoreDescription`
 */
export function exportScore({ description, parameters }: TrainedScore): Map<string, Uint8Array> {
	return new Map([
		[SCORE_FILES.network, bakeNetwork("score", scoreGraph(description), parameters)],
		[SCORE_FILES.description, new TextEncoder().encode(`${JSON.stringify(description, null, "\t")}\n`)],
	]);
}

/** The score whose network {@link exportScore} wrote. @throws ArchgenError FAILED_PRECONDITION `OTHER_NETWORK` */
export function importScore(network: Uint8Array, description: ScoreDescription): TrainedScore {
	return {
		description,
		parameters: storedParameters(scoreGraph(description), network, SCORE_FILES.network),
	};
}

/** The inputs of networks over noised states: x [batch, nodes, operations] and sigma [batch, 1]. */
export function stateInputs({ nodes, operations }: StateShape) {
	return { x: input("x", ["batch", nodes, operations]), sigma: input("sigma", ["batch", 1]) };
}

function scoreGraph({ shape, size }: ScoreDescription): NetworkBuilder {
	return (scope) => {
		const { x, sigma } = stateInputs(shape);
		return { inputs: [x, sigma], outputs: { score: scoreNetwork(scope, x, sigma, shape, size) } };
	};
}
