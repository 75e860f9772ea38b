import { checkConstraints, countBounded, countsMore } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { missingHalvings, sameTarget, targetTitle } from "@archgen/search-space";
import { brokenLimits } from "./costs.js";
import { designNetwork } from "./design.js";
import type { ResolvedOptions } from "./options.js";
import type { EvolutionRecord } from "./record.js";

/** What a search's options say about every record of it. */
export type HistoryOptions = Pick<ResolvedOptions, "target" | "constraints"> &
	Partial<Pick<ResolvedOptions, "limits">>;

/** Relative difference of two ways to add up the same excess. */
const ROUNDING = 1e-9;

/**
 * Refuses to go on from records of another search: each must have the target of these options, and be inside or outside their bounds as it says.
 *
 * @throws ArchgenError INVALID_ARGUMENT `RESUME_MISMATCH` naming the first line that does not fit
 */
export function requireOwnHistory(history: readonly EvolutionRecord[], options: HistoryOptions): void {
	for (const [i, record] of history.entries()) {
		const problem = foreignTarget(record, options) ?? foreignBounds(record, options);
		if (problem !== undefined) throw mismatch(i, problem);
	}
}

interface Problem {
	readonly field: string;
	readonly description: string;
}

function foreignTarget({ target }: EvolutionRecord, { target: wanted }: HistoryOptions): Problem | undefined {
	if (sameTarget(target, wanted)) return undefined;
	return { field: "target", description: `is ${targetTitle(target)}, not ${targetTitle(wanted)}` };
}

function foreignBounds(
	record: EvolutionRecord,
	{ constraints, limits = {} }: HistoryOptions,
): Problem | undefined {
	const { counts, measures = {}, excess = 0 } = record;
	const further =
		countsMore(constraints) && countBounded(designNetwork(record.design, record.target), constraints);
	const check = checkConstraints({ ...further, ...counts }, constraints);
	const beyond = brokenLimits(measures, limits);
	const missing = missingHalvings(record.design.stages, record.target);
	const expected = beyond.reduce((sum, [, more]) => sum + more, check.excess + missing);
	if (Math.abs(excess - expected) <= ROUNDING * Math.max(1, expected)) return undefined;
	const [name] = check.violated;
	const margin = name && check.margins[name];
	const description =
		margin === undefined
			? "belongs to other bounds"
			: `breaks ${name} ${margin.limit} with ${margin.value}, which its own search did not`;
	return { field: "counts", description };
}

function mismatch(index: number, { field, description }: Problem): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "RESUME_MISMATCH",
		message: `line ${index + 1}: ${field} ${description}; go on with the target and bounds that the history was made with`,
		violations: [{ field: `lines[${index}].${field}`, description }],
	});
}
