import { type Constraints, constraintViolations, integerViolation, targetViolations } from "@archgen/design";
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
	/** Networks to return, at most `candidates`; 5 unless given (or all candidates where those are fewer). */
	readonly topK?: number;
	/** Equal seeds and model versions give equal answers; 0 unless given. */
	readonly seed?: number;
	/** Scale of the noise around a cluster mean or an exemplar, above 0, at most 2; 0.4 unless given. */
	readonly temperature?: number;
}

export type ResolvedRequest = Required<GenerationRequest>;

export const MAX_CANDIDATES = 1_000;
const MAX_TEMPERATURE = 2;

/**
 * The request with its defaults.
 *
 * @throws ArchgenError INVALID_ARGUMENT, reason INVALID_REQUEST, naming every offending field (`target.size`,
 *   `constraints.maxFlopCount`, …); a budget below the smallest network of the space is told what that needs
 */
export function resolveRequest(request: GenerationRequest): ResolvedRequest {
	const { target, constraints, candidates = 100, seed = 0, temperature = 0.4 } = request;
	const topK = request.topK ?? Math.min(5, candidates);
	const resolved = { target, constraints, candidates, topK, seed, temperature };
	const violations = requestViolations(resolved);
	if (violations.length === 0) return resolved;
	throw new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "INVALID_REQUEST",
		message: violations.map(({ field, description }) => `${field} ${description}`).join("; "),
		violations,
	});
}

function requestViolations(request: ResolvedRequest): FieldViolation[] {
	const target = targetViolations(request.target);
	const candidates = integerViolation("candidates", request.candidates, 1, MAX_CANDIDATES);
	return [
		...target,
		// Without a valid target there is no smallest network to compare the bounds with.
		...(target.length === 0 ? constraintViolations(request.constraints, request.target) : []),
		...candidates,
		...(candidates.length === 0 ? integerViolation("topK", request.topK, 1, request.candidates) : []),
		...integerViolation("seed", request.seed, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
		...temperatureViolation(request.temperature),
	];
}

function temperatureViolation(temperature: number): FieldViolation[] {
	if (temperature > 0 && temperature <= MAX_TEMPERATURE) return [];
	return [
		{
			field: "temperature",
			description: `must be above 0 and at most ${MAX_TEMPERATURE}, not ${temperature}`,
		},
	];
}
