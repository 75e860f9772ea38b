import { invalidArgument } from "@archgen/errors";
import { type FitOptions, fitMixture, type MixtureFit } from "./fit.js";
import { penalised } from "./information-criteria.js";
import { packSamples, type Samples } from "./samples.js";

/** One number of components with its criteria; lower is better. */
export interface CriterionPoint {
	readonly components: number;
	readonly bic: number;
	readonly aic: number;
}

export interface PlateauOptions {
	/** Share of a criterion's whole gain that may be left on the table, default 0.05. */
	readonly share?: number;
}

/** Differences up to 10 are no evidence worth a component (Kass and Raftery 1995 for BIC, Burnham and Anderson 2002 for AIC). */
const NO_EVIDENCE = 10;

/**
 * The plateau rule: the smallest K from which neither criterion has much left to gain. For each of BIC and AIC,
 *
 *     criterion(K) − min criterion  ≤  max(10, share · (criterion(smallest K) − min criterion)),
 *
 * with the minimum over all K of the list. BIC and AIC keep creeping down on large samples, so their minimum says little;
 * the rule finds where they flatten.
 *
 * @returns the chosen K
 * @throws ArchgenError INVALID_FIELD when there is no point
 */
export function plateau(points: readonly CriterionPoint[], { share = 0.05 }: PlateauOptions = {}): number {
	if (points.length === 0) throw invalidArgument("components", "must list at least one number of components");
	const sorted = [...points].sort((a, b) => a.components - b.components);
	const isFlat = (criterion: "bic" | "aic", point: CriterionPoint) => {
		const minimum = Math.min(...sorted.map((each) => each[criterion]));
		return point[criterion] - minimum <= Math.max(NO_EVIDENCE, share * (sorted[0]![criterion] - minimum));
	};
	const chosen = sorted.find((point) => isFlat("bic", point) && isFlat("aic", point));
	// BIC may rise again before AIC flattens; then BIC, which counts every parameter dearer, decides.
	return (chosen ?? sorted.find((point) => isFlat("bic", point))!).components;
}

/** A fitted candidate of the list. */
export interface Candidate extends CriterionPoint {
	readonly fit: MixtureFit;
}

export interface Selection {
	/** K by the plateau rule. */
	readonly components: number;
	/** Its fit. */
	readonly fit: MixtureFit;
	/** Every K of the list, ascending: the curves to plot. */
	readonly candidates: readonly Candidate[];
}

/**
 * Fits one candidate of a list as `selectComponents` does, for callers that keep the points of an interrupted run.
 *
 * @throws what `fitMixture` throws
 */
export async function fitCandidate(
	samples: Samples,
	components: number,
	options: Omit<FitOptions, "components" | "start">,
): Promise<Candidate> {
	const { count } = packSamples(samples, options.dimension);
	const random = options.random.fork(`components ${components}`);
	const fit = await fitMixture(samples, { ...options, components, random });
	const criterion = (penalty: number) => penalised(fit.mixture, fit.logLikelihood, count, penalty);
	return { components, bic: criterion(Math.log(count)), aic: criterion(2), fit };
}

/**
 * Fits a mixture for every K of a list and chooses one by the plateau rule. Each K has its own random stream, so adding
 * one to the list changes no other fit.
 *
 * @param components the list of K, in any order, without repetition
 * @throws what `fitMixture` and `plateau` throw
 */
export async function selectComponents(
	samples: Samples,
	components: readonly number[],
	options: Omit<FitOptions, "components" | "start"> &
		PlateauOptions & { onCandidate?: (candidate: Candidate) => void },
): Promise<Selection> {
	const candidates: Candidate[] = [];
	for (const k of [...new Set(components)].sort((a, b) => a - b)) {
		const candidate = await fitCandidate(samples, k, options);
		candidates.push(candidate);
		options.onCandidate?.(candidate);
	}
	const chosen = plateau(candidates, options);
	const { fit } = candidates.find((candidate) => candidate.components === chosen)!;
	return { components: chosen, fit, candidates };
}
