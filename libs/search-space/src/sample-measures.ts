/** How good a set of generated architectures is; shares from 0 to 1. */
export interface SampleMeasures {
	/** Share of the samples that are architectures of the space. */
	readonly validity: number;
	/** Share of the valid samples that are left when each is counted once; 0 without valid samples. */
	readonly uniqueness: number;
	/** Share of the unique samples that the generator was not trained on; 0 without valid samples. */
	readonly novelty: number;
}

/**
 * Validity, uniqueness and novelty of samples, as graph generators are measured.
 *
 * @param keys what identifies each sample in its space, undefined for an invalid one
 * @param trained keys of the generator's training set
 */
export function sampleMeasures(
	keys: readonly (string | undefined)[],
	trained: ReadonlySet<string> = new Set(),
): SampleMeasures {
	const valid = keys.filter((key) => key !== undefined);
	const unique = new Set(valid);
	const novel = [...unique].filter((key) => !trained.has(key));
	const share = (part: number, whole: number) => (whole === 0 ? 0 : part / whole);
	return {
		validity: share(valid.length, keys.length),
		uniqueness: share(unique.size, valid.length),
		novelty: share(novel.length, unique.size),
	};
}
