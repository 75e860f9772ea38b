import { isBounded } from "@archgen/design";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { seqgen } from "@archgen/rpc";
import type { GenerationTask } from "@archgen/seqgen";
import {
	conditionFromMessage,
	constraintsFromMessage,
	messageField,
	requirePositive,
	requireWhole,
	restateFields,
} from "@archgen/wire";

const MAX_SEQUENCES = 1000;
const MAX_TEMPERATURE = 5;

/** @throws INVALID_ARGUMENT naming the field: a count or temperature out of range, bounds without the task they are for */
export function taskFromMessage(message: seqgen.GenerateSequencesRequest): GenerationTask {
	const condition = conditionFromMessage(message.condition);
	const constraints = constraintsFromMessage(message.constraints);
	const count = requireWhole("count", message.count || 1, 1, MAX_SEQUENCES);
	const temperature = requirePositive("temperature", message.temperature ?? 1, MAX_TEMPERATURE);
	if (isBounded(constraints)) {
		requireTask("class_count", condition.classes);
		requireTask("input_size", condition.inputSize);
	}
	const greedy = isGreedy(message.decoding, count);
	return { condition, constraints, count, temperature: greedy ? 0 : temperature, seed: message.seed };
}

function requireTask(field: string, value: number | undefined): void {
	if (value === undefined) {
		throw invalidArgument(
			`condition.${field}`,
			"is needed together with constraints, which are about whole networks.",
		);
	}
}

function isGreedy(decoding: seqgen.Decoding, count: number): boolean {
	switch (decoding) {
		case seqgen.Decoding.DECODING_GREEDY:
			return true;
		case seqgen.Decoding.DECODING_SAMPLED:
			return false;
		case seqgen.Decoding.DECODING_UNSPECIFIED:
			return count === 1;
		default:
			throw invalidArgument("decoding", "is not a way of decoding that this service knows.");
	}
}

/** Restates the fields of the generator's errors as fields of the request. */
export function restateTask(error: unknown): unknown {
	const isBound =
		error instanceof ArchgenError &&
		error.violations.some(({ field }) => /^(max|min)_/.test(messageField(field)));
	return restateFields(isBound ? "constraints" : "condition", error);
}
