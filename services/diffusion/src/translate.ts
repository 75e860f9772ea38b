import { findGenerator } from "@archgen/models";
import { latencyDevices, type SpaceGenerators } from "@archgen/pipeline";
import type { diffusion } from "@archgen/rpc";
import type { Sample } from "@archgen/score-diffusion";

/** The message of a sample. */
export function sampleToMessage(sample: Sample): diffusion.SampledArchitecture {
	const { architecture, valid, parameterCount, macCount, predicted } = sample;
	return {
		architectureJson: valid ? JSON.stringify(architecture) : "",
		valid,
		parameterCount: BigInt(parameterCount ?? 0),
		macCount: BigInt(macCount ?? 0),
		predicted: { ...predicted },
	};
}

/** The message of the generators of a bundle. */
export function generatorToMessage(generators: SpaceGenerators): diffusion.Generator {
	const { origin, predictors, listed } = generators;
	return {
		name: findGenerator(listed, "architectures", "", "generator").name,
		space: origin.space,
		trainedArchitectureCount: origin.architectures,
		predictors: Object.entries(predictors).map(([name, predictor]) => {
			return { name, target: predictor.origin.target, trainedRowCount: predictor.origin.rows };
		}),
		devices: latencyDevices(generators),
	};
}
