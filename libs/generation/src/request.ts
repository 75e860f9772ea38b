import {
	type Constraints,
	constraintViolations,
	integerViolation,
	SEQUENCE_TEMPERATURE,
	targetViolations,
} from "@archgen/design";
import { ArchgenError, type FieldViolation } from "@archgen/errors";
import type { Target } from "@archgen/search-space";

/** What somebody wants. */
export interface GenerationRequest {
	/** Input size 16 … 512 and classes 2 … 100,000. */
	readonly target: Target;
	/** Inclusive bounds on the exact counts. */
	readonly constraints: Constraints;
	/** Networks to make and score, 1 … 1,000; 100 unless given. */
	readonly candidates?: number;
	/**
	 * Candidates to score where the objective can be predicted (`GenerationDependencies.predict`), those of the best prediction, `topK` …
	 * `candidates`; a fifth of the candidates, at least 16, unless given. Elsewhere all are scored.
	 */
	readonly scoredCandidates?: number;
	/** Networks to return, at most `candidates`; 5 unless given (or all candidates where those are fewer). */
	readonly topK?: number;
	/** Equal seeds and model versions give equal answers; 0 unless given. */
	readonly seed?: number;
	/** Scale of the noise around a cluster mean or an exemplar, above 0, at most 2; 0.4 unless given. */
	readonly temperature?: number;
	/** Divisor of the logits of the sequence generator, above 0, at most 5; 0.5 unless given. */
	readonly sequenceTemperature?: number;
	/** NASWOT that the macro sequences are asked for, above 0; any unless given. A wish, not a bound. */
	readonly naswot?: number | undefined;
	/** SNIP-SSNR that they are asked for, above 0; any unless given. */
	readonly snipSsnr?: number | undefined;
	/** Depth that they are asked for where no bound says more, at least 1; that of deep ones unless given, any under bounds on memory. */
	readonly depth?: number | undefined;
	/** Parameters that they are asked for, at least 1, where a bound on operations alone would make for fewer; any unless given. A wish. */
	readonly parameters?: number | undefined;
	/** Networks made from one macro sequence, 1 … 100; 4 unless given: cells are cheap to vary, sequences are not. */
	readonly drawsPerSequence?: number;
}

export type ResolvedRequest = Required<Omit<GenerationRequest, Wish>> & Pick<GenerationRequest, Wish>;

/** What can be wished for. */
type Wish = "naswot" | "snipSsnr" | "depth" | "parameters";

const MAX_CANDIDATES = 1_000;
const MAX_TEMPERATURES = { temperature: 2, sequenceTemperature: 5 } as const;
const MAX_DRAWS = 100;
const FEWEST_SCORED = 16;

const DEFAULTS = {
	candidates: 100,
	seed: 0,
	temperature: 0.4,
	sequenceTemperature: SEQUENCE_TEMPERATURE,
	drawsPerSequence: 4,
} as const;

/**
 * The request with its defaults.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_REQUEST, naming every offending field (`target.size`,
 *   `constraints.maxFlopCount`, …); a budget below the smallest network of the space is told what that needs
 */
export function resolveRequest(request: GenerationRequest): ResolvedRequest {
	const given = { ...DEFAULTS, ...request };
	const topK = request.topK ?? Math.min(5, given.candidates);
	const scoredCandidates = request.scoredCandidates ?? usualScored(given.candidates, topK);
	const resolved = { ...given, topK, scoredCandidates };
	const violations = requestViolations(resolved);
	if (violations.length === 0) return resolved;
	throw new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "INVALID_REQUEST",
		message: violations.map(({ field, description }) => `${field} ${description}`).join("; "),
		violations,
	});
}

/** A fifth of the candidates holds the best of them nearly always (docs/search.md). */
function usualScored(candidates: number, topK: number): number {
	return Math.min(candidates, Math.max(topK, FEWEST_SCORED, Math.ceil(candidates / 5)));
}

function requestViolations(request: ResolvedRequest): FieldViolation[] {
	const target = targetViolations(request.target);
	const candidates = integerViolation("candidates", request.candidates, 1, MAX_CANDIDATES);
	return [
		...target,
		// Without a valid target there is no smallest network to compare the bounds with.
		...(target.length === 0 ? constraintViolations(request.constraints, request.target) : []),
		...candidates,
		...(candidates.length === 0 ? choiceViolations(request) : []),
		...integerViolation("seed", request.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
		...temperatureViolation(request, "temperature"),
		...temperatureViolation(request, "sequenceTemperature"),
		...integerViolation("drawsPerSequence", request.drawsPerSequence, 1, MAX_DRAWS),
		...wishViolation(request, "naswot"),
		...wishViolation(request, "depth"),
		...wishViolation(request, "parameters"),
		...wishViolation(request, "snipSsnr"),
	];
}

function choiceViolations({ topK, scoredCandidates, candidates }: ResolvedRequest): FieldViolation[] {
	const top = integerViolation("topK", topK, 1, candidates);
	if (top.length > 0) return top;
	return integerViolation("scoredCandidates", scoredCandidates, topK, candidates);
}

function wishViolation(request: ResolvedRequest, field: Wish): FieldViolation[] {
	const wish = request[field];
	if (wish === undefined || (wish > 0 && Number.isFinite(wish))) return [];
	return [{ field, description: `must be a number above 0, not ${wish}` }];
}

function temperatureViolation(
	request: ResolvedRequest,
	field: keyof typeof MAX_TEMPERATURES,
): FieldViolation[] {
	const [value, most] = [request[field], MAX_TEMPERATURES[field]];
	if (value > 0 && value <= most) return [];
	return [{ field, description: `must be above 0 and at most ${most}, not ${value}` }];
}
