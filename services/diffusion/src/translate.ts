import { generatorsMaking, type KindOf } from "@archgen/models";
import { latencyDevices, requirePart, type SpaceGenerators } from "@archgen/pipeline";
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

/** The parts of a generator's message that differ by its kind. */
type OwnParts = Pick<diffusion.Generator, "trainedArchitectureCount" | "predictors" | "conditions">;

const OWN_PARTS: Readonly<Record<KindOf<"architectures">, (generators: SpaceGenerators) => OwnParts>> = {
	score: (generators) => ({
		trainedArchitectureCount: requirePart(generators, "score").origin.architectures,
		predictors: Object.entries(generators.predictors).map(([name, { origin }]) => {
			return { name, target: origin.target, trainedRowCount: origin.rows };
		}),
		conditions: [],
	}),
	discrete: (generators) => {
		const { denoiser, origin } = requirePart(generators, "discrete");
		const { metrics } = denoiser.description;
		return {
			trainedArchitectureCount: origin.architectures,
			predictors: [],
			conditions: metrics.map(({ name, classes }) => ({ metric: name, classes: [...classes] })),
		};
	},
};

/** The messages of the generators of a bundle. */
export function generatorMessages(generators: SpaceGenerators): diffusion.Generator[] {
	const { space, listed } = generators;
	return generatorsMaking(listed, "architectures").map(({ name, kind }) => ({
		...{ name, space, devices: latencyDevices(generators) },
		...OWN_PARTS[kind](generators),
	}));
}
