import { invalidArgument } from "@archgen/errors";
import type { common } from "@archgen/rpc";

/** Throws INVALID_ARGUMENT, reason BATCH_SIZE, unless a list has from 1 to `most` entries. */
export function requireBatch(field: string, length: number, most: number): void {
	if (length < 1 || length > most) {
		throw invalidArgument(field, `must hold 1 to ${most} entries, not ${length}.`, "BATCH_SIZE");
	}
}

/** Throws INVALID_ARGUMENT unless a number is whole and within the bounds; returns it. */
export function requireWhole(field: string, value: number, least: number, most: number): number {
	if (!Number.isInteger(value) || value < least || value > most) {
		throw invalidArgument(field, `must be a whole number from ${least} to ${most}, not ${value}.`);
	}
	return value;
}

/** Throws INVALID_ARGUMENT unless a number is above `above` and at most `most`; NaN is refused. Returns it. */
export function requirePositive(field: string, value: number, most: number): number {
	if (!(value > 0 && value <= most)) {
		throw invalidArgument(field, `must be above 0 and at most ${most}, not ${value}.`);
	}
	return value;
}

/**
 * The numbers of latents, flat.
 *
 * @param dimension coordinates of one latent
 * @throws INVALID_ARGUMENT naming the first latent of another length or with a coordinate that is not finite
 */
export function latentsFromMessages(
	field: string,
	latents: readonly common.Latent[],
	dimension: number,
): Float32Array {
	const flat = new Float32Array(latents.length * dimension);
	latents.forEach(({ values }, index) => {
		if (values.length !== dimension || !values.every(Number.isFinite)) {
			throw invalidArgument(
				`${field}[${index}].values`,
				`must hold ${dimension} finite numbers.`,
				"INVALID_LATENT",
			);
		}
		flat.set(values, index * dimension);
	});
	return flat;
}

/** The messages of latents that stand one after another, flat. */
export function latentsToMessages(flat: Float32Array, dimension: number): common.Latent[] {
	return Array.from({ length: flat.length / dimension }, (_, index) => ({
		values: Array.from(flat.subarray(index * dimension, (index + 1) * dimension)),
	}));
}
