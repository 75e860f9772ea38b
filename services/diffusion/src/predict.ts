import { ArchgenError, invalidArgument } from "@archgen/errors";
import { parseJson } from "@archgen/files";
import { findPredictor, type SpaceGenerators } from "@archgen/pipeline";
import { architectureFromText, PropertyModel, statesOf } from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";

/** Architectures of a request, and what is to be predicted of them. */
export interface Prediction {
	readonly architectures: readonly unknown[];
	/** Names of predictors; all where empty. */
	readonly properties: readonly string[];
	readonly signal: AbortSignal;
}

/** Reads JSON forms. @throws ArchgenError INVALID_ARGUMENT naming the architecture */
export function readArchitectures(space: ArchitectureSpace<unknown>, texts: readonly string[]): unknown[] {
	return texts.map((text, i) => {
		const field = `architectures_json[${i}]`;
		try {
			return architectureFromText(space, parseJson(text));
		} catch (error) {
			if (error instanceof SyntaxError) throw invalidArgument(field, "is not JSON");
			if (error instanceof ArchgenError) throw invalidArgument(field, error.message, error.reason);
			throw error;
		}
	});
}

/** Values by property of each architecture. */
export async function predictProperties(
	pool: SessionPool,
	space: ArchitectureSpace<unknown>,
	generators: SpaceGenerators,
	{ architectures, properties, signal }: Prediction,
): Promise<Record<string, number>[]> {
	const names = properties.length > 0 ? properties : Object.keys(generators.predictors);
	const states = statesOf(space, architectures);
	const results: Record<string, number>[] = architectures.map(() => ({}));
	for (const name of new Set(names)) {
		const { predictor } = findPredictor(generators, name, "properties");
		const model = await PropertyModel.create(pool, predictor);
		try {
			const values = await model.predict(states, 0, signal);
			values.forEach((value, i) => {
				results[i]![name] = value;
			});
		} finally {
			await model.release();
		}
	}
	return results;
}
