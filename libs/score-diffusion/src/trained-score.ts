import { input, type Tensor } from "@archgen/tensor-graph";
import { scoreNetwork } from "./score-network.js";
import type { ScoreNetworkSize } from "./score-network-size.js";
import type { VarianceExplodingSde } from "./sde.js";
import type { StateShape } from "./state-shape.js";
import { bakeNetwork, type NetworkBuilder, type Parameters, storedParameters } from "./stored-network.js";
import { vectorConditionWidth } from "./vector-condition.js";

/** All about a trained score but its weights. */
export interface ScoreDescription {
	readonly shape: StateShape;
	readonly size: ScoreNetworkSize;
	readonly sde: VarianceExplodingSde;
	/** Numbers in the vector that it can be asked for; absent for none. */
	readonly vector?: number | undefined;
}

export interface TrainedScore {
	readonly description: ScoreDescription;
	readonly parameters: Parameters;
}

/** Files of a trained score. */
export const SCORE_FILES = { network: "score.onnx", description: "score.json" } as const;

/**
 * A trained score as files, by name:
 * - `score.onnx`: x [batch, nodes, operations], sigma [batch, 1], condition [batch, vector + 1] (where it can be asked for a vector) → score [batch, nodes, operations]
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

/** The condition of networks that are asked for a vector, [batch, vector + 1]. */
export function conditionInput(vector: number | undefined): Tensor | null {
	return vector ? input("condition", ["batch", vectorConditionWidth(vector)]) : null;
}

function scoreGraph({ shape, size, vector }: ScoreDescription): NetworkBuilder {
	return (scope) => {
		const { x, sigma } = stateInputs(shape);
		const condition = conditionInput(vector);
		const score = scoreNetwork(scope, x, sigma, shape, size, condition);
		return { inputs: [x, sigma, ...(condition ? [condition] : [])], outputs: { score } };
	};
}
