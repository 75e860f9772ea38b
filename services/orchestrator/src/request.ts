import { presetConstraints } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { type GenerationRequest, MAX_OUTSIDE } from "@archgen/generation";
import {
	DEFAULT_OBJECTIVE,
	isObjectiveName,
	OBJECTIVE_NAMES,
	OBJECTIVES,
	type ObjectiveName,
	usualDepth,
	usualParameters,
	withUsualDepth,
} from "@archgen/proxies";
import type { orchestrator } from "@archgen/rpc";
import {
	constraintsFromMessage,
	requirePositive,
	requireWhole,
	seedNumber,
	targetFromMessage,
} from "@archgen/wire";

/** Returns the message of a request that must have one. */
export function requireSpec(spec: orchestrator.GenerationSpec | undefined): orchestrator.GenerationSpec {
	if (spec === undefined) {
		throw invalidArgument("spec", "is missing.");
	}
	return spec;
}

/** The request of a message; `generate` checks it. */
export function requestFromMessage(spec: orchestrator.GenerationSpec): GenerationRequest {
	const { candidates, scoredCandidates, topK, temperature, sequenceTemperature, drawsPerSequence } = spec;
	const { naswot, snipSsnr } = spec;
	const target = targetFromMessage(spec);
	const { parts } = OBJECTIVES[objectiveOf(spec)];
	return {
		target,
		constraints: withUsualDepth(
			{
				...(spec.preset !== "" && presetConstraints(spec.preset)),
				...constraintsFromMessage(spec.constraints),
			},
			parts,
			target,
		),
		depth: usualDepth(parts, target),
		parameters: usualParameters(parts, target),
		seed: seedNumber(spec.seed),
		...(naswot !== undefined && { naswot }),
		...(snipSsnr !== undefined && { snipSsnr }),
		...(candidates !== undefined && { candidates }),
		...(scoredCandidates !== undefined && { scoredCandidates }),
		...(topK !== undefined && { topK }),
		...(temperature !== undefined && { temperature }),
		...(sequenceTemperature !== undefined && { sequenceTemperature }),
		...(drawsPerSequence !== undefined && { drawsPerSequence }),
	};
}

/** The objective of a spec; the default one unless given. @throws INVALID_ARGUMENT listing the names there are */
export function objectiveOf({ objective }: Pick<orchestrator.GenerationSpec, "objective">): ObjectiveName {
	if (objective === "") return DEFAULT_OBJECTIVE;
	if (isObjectiveName(objective)) return objective;
	throw invalidArgument(
		"objective",
		`there is no objective "${objective}"; choose one of ${OBJECTIVE_NAMES.join(", ")}`,
	);
}

/** Candidates outside the bounds that a spec asks for. @throws INVALID_ARGUMENT */
export function outsideOf({ outsideLimit }: Pick<orchestrator.GenerationSpec, "outsideLimit">): number {
	return requireWhole("outsideLimit", outsideLimit ?? 0, 0, MAX_OUTSIDE);
}

/** How far evolution goes on from the candidates. */
export interface RefinementWish {
	/** Evaluations in all. */
	readonly evaluations: number;
	readonly timeLimitSeconds?: number;
}

const MAX_EVALUATIONS = 100_000;
const MAX_TIME_LIMIT_SECONDS = 86_400;

/** The refinement of a spec; undefined where none is wanted. */
export function refinementOf(spec: orchestrator.GenerationSpec): RefinementWish | undefined {
	const { evaluationCount, refinementTimeLimitSeconds: seconds, skipScoring } = spec;
	if (seconds !== undefined) requirePositive("refinementTimeLimitSeconds", seconds, MAX_TIME_LIMIT_SECONDS);
	if (evaluationCount === undefined) return undefined;
	if (skipScoring) throw invalidArgument("evaluationCount", "needs scores; leave skip_scoring out");
	const evaluations = requireWhole("evaluationCount", evaluationCount, 1, MAX_EVALUATIONS);
	return { evaluations, ...(seconds !== undefined && { timeLimitSeconds: seconds }) };
}
