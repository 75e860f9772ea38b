import { add, mul, scalar } from "@archgen/tensor-graph";
import type { TargetScale } from "./predictor-data.js";
import { type PredictorSize, predictorNetwork } from "./predictor-network.js";
import type { VarianceExplodingSde } from "./sde.js";
import type { StateShape } from "./state-shape.js";
import { bakeNetwork, type NetworkBuilder, type Parameters, storedParameters } from "./stored-network.js";
import { stateInputs } from "./trained-score.js";

/** All about a trained predictor but its weights. */
export interface PredictorDescription {
	readonly shape: StateShape;
	readonly size: PredictorSize;
	readonly sde: VarianceExplodingSde;
	readonly scale: TargetScale;
	/** Labelled architectures that it was trained on. */
	readonly rows: number;
}

export interface TrainedPredictor {
	readonly description: PredictorDescription;
	readonly parameters: Parameters;
}

/** Files of a trained predictor. */
export const PREDICTOR_FILES = { network: "predictor.onnx", description: "predictor.json" } as const;

/**
 * A trained predictor as files, by name:
 * - `predictor.onnx`: x [batch, nodes, operations], sigma [batch, 1] → value [batch, 1] in the target's unit
 * - `predictor.json`: `PredictorDescription`
 */
export function exportPredictor({ description, parameters }: TrainedPredictor): Map<string, Uint8Array> {
	return new Map([
		[PREDICTOR_FILES.network, bakeNetwork("predictor", predictorGraph(description), parameters)],
		[PREDICTOR_FILES.description, new TextEncoder().encode(`${JSON.stringify(description, null, "\t")}\n`)],
	]);
}

/** The predictor whose network {@link exportPredictor} wrote. @throws ArchgenError FAILED_PRECONDITION `OTHER_NETWORK` */
export function importPredictor(network: Uint8Array, description: PredictorDescription): TrainedPredictor {
	const graph = predictorGraph(description);
	return { description, parameters: storedParameters(graph, network, PREDICTOR_FILES.network) };
}

function predictorGraph({ shape, size, scale }: PredictorDescription): NetworkBuilder {
	return (scope) => {
		const { x, sigma } = stateInputs(shape);
		const standardized = predictorNetwork(scope, x, sigma, shape, size);
		const value = add(mul(standardized, scalar(scale.std)), scalar(scale.mean));
		return { inputs: [x, sigma], outputs: { value } };
	};
}
