import { invalidArgument } from "@archgen/errors";

/** Numbers in the condition of a network that is asked for a vector: its own, and a 1 that says that it is given; 0 for networks without. */
export function vectorConditionWidth(vector = 0): number {
	return vector > 0 ? vector + 1 : 0;
}

/**
 * A vector as a network's condition has it: its numbers and a 1, or zeros where none is asked for.
 *
 * @param vector numbers in a vector, 0 for a network that is asked for none
 */
export function vectorCondition(
	vector: number | undefined,
	values: ArrayLike<number> | undefined,
): Float32Array {
	const condition = new Float32Array(vectorConditionWidth(vector));
	if (values === undefined || !vector) return condition;
	condition.set(values);
	condition[vector] = 1;
	return condition;
}

/** @throws ArchgenError INVALID_ARGUMENT (field `vectors`) unless there is a vector of finite numbers for each of `count` samples */
export function requireVectors(
	vectors: readonly (readonly number[])[] | undefined,
	count: number,
	vector = 0,
): void {
	if (vectors === undefined) return;
	if (
		vectors.length === count &&
		vectors.every((each) => each.length === vector && each.every(Number.isFinite))
	)
		return;
	throw invalidArgument(
		"vectors",
		`must be ${count} times ${vector} finite numbers, one vector for each sample`,
	);
}

/** @throws ArchgenError INVALID_ARGUMENT (field `vectors`) unless they are finite numbers, `vector` for each of `count` architectures */
export function requireTrainingVectors(vectors: Float32Array | undefined, count: number, vector = 0): void {
	if ((vectors?.length ?? 0) !== count * vector)
		throw invalidArgument("vectors", `must hold ${vector} numbers for each labelled architecture`);
	if (vectors?.some((value) => !Number.isFinite(value)))
		throw invalidArgument("vectors", "must be finite numbers");
}

/** @throws ArchgenError INVALID_ARGUMENT (field `guidance` or `temperature`) */
export function requireGuidance(guidance: number, temperature = 1): void {
	if (!Number.isFinite(guidance) || guidance < 0)
		throw invalidArgument("guidance", "must be a number of at least 0");
	if (!Number.isFinite(temperature) || temperature <= 0)
		throw invalidArgument("temperature", "must be a number above 0");
}
