import {
	bakeNetwork,
	type NetworkBuilder,
	type Parameters,
	storedParameters,
} from "@archgen/score-diffusion";
import { type ConditionForm, conditionWidth } from "./conditions.js";
import type { GraphShape } from "./graph-shape.js";
import type { Marginals } from "./marginals.js";
import { denoiser } from "./network/denoiser.js";
import { denoiserInputs } from "./network/denoiser-inputs.js";
import type { DenoiserSize } from "./network/denoiser-size.js";
import type { NoiseSchedule } from "./noise-schedule.js";

/** All about a trained denoiser but its weights. */
export interface DenoiserDescription extends ConditionForm {
	readonly shape: GraphShape;
	readonly size: DenoiserSize;
	readonly schedule: NoiseSchedule;
	/** Of the training set; the process leads to them. */
	readonly marginals: Marginals;
}

export interface TrainedDenoiser {
	readonly description: DenoiserDescription;
	readonly parameters: Parameters;
}

/** Files of a trained denoiser. */
export const DENOISER_FILES = { network: "denoiser.onnx", description: "denoiser.json" } as const;

/**
 * A trained denoiser as files, by name:
 * - `denoiser.onnx`: nodes, edges, conditions, time (see `DenoiserInputs`) → logits `cleanNodes`, `cleanEdges`
 * - `denoiser.json`: `DenoiserDescription`
 */
export function exportDenoiser({ description, parameters }: TrainedDenoiser): Map<string, Uint8Array> {
	return new Map([
		[DENOISER_FILES.network, bakeNetwork("denoiser", denoiserGraph(description), parameters)],
		[DENOISER_FILES.description, new TextEncoder().encode(`${JSON.stringify(description, null, "\t")}\n`)],
	]);
}

/** The denoiser whose network {@link exportDenoiser} wrote. @throws ArchgenError FAILED_PRECONDITION `OTHER_NETWORK` */
export function importDenoiser(network: Uint8Array, description: DenoiserDescription): TrainedDenoiser {
	const graph = denoiserGraph(description);
	return { description, parameters: storedParameters(graph, network, DENOISER_FILES.network) };
}

function denoiserGraph({ shape, size, ...form }: DenoiserDescription): NetworkBuilder {
	return (scope) => {
		const inputs = denoiserInputs(shape, size, conditionWidth(form));
		const { nodes, edges } = denoiser(scope, inputs, shape, size);
		return {
			inputs: Object.values(inputs).filter((each) => each !== null),
			outputs: { cleanNodes: nodes, cleanEdges: edges },
		};
	};
}
