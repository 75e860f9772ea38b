import { invalidArgument } from "@archgen/errors";
import type { GenerationRequest } from "@archgen/generation";
import type { orchestrator } from "@archgen/rpc";
import { constraintsFromMessage, seedNumber } from "@archgen/wire";

/** Returns the message of a request that must have one. */
export function requireSpec(spec: orchestrator.GenerationSpec | undefined): orchestrator.GenerationSpec {
	if (spec === undefined) {
		throw invalidArgument("spec", "is missing.");
	}
	return spec;
}

/** The request of a message; `generate` checks it. */
export function requestFromMessage(spec: orchestrator.GenerationSpec): GenerationRequest {
	const { candidates, topK, temperature } = spec;
	return {
		target: { size: spec.inputSize, classes: spec.classCount },
		constraints: constraintsFromMessage(spec.constraints),
		seed: seedNumber(spec.seed),
		...(candidates !== undefined && { candidates }),
		...(topK !== undefined && { topK }),
		...(temperature !== undefined && { temperature }),
	};
}
