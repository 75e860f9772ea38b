import {
	assertMacroSequence,
	type Condition,
	type ConditionField,
	type MacroSequence,
} from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { binCentre, binOf } from "./condition.js";
import { advance, type PartialSequence, START, toMacroSequence } from "./grammar.js";
import type { Vocabulary } from "./vocabulary.js";

/** `<bos>` and one token per condition field of the vocabulary, `<any>` where the field is missing. */
export function encodeCondition(vocabulary: Vocabulary, condition: Condition): number[] {
	const fields = vocabulary.fields.map((field) => {
		const value = condition[field];
		if (value === undefined) return vocabulary.find("any").id;
		return vocabulary.find(field, binOf(vocabulary.config.scales[field]!, value, field)).id;
	});
	return [vocabulary.find("begin").id, ...fields];
}

/**
 * Tokens of a macro sequence, closed by `<eos>`.
 *
 * @throws INVALID_ARGUMENT when the sequence has no form in this vocabulary
 */
export function encodeSequence(vocabulary: Vocabulary, sequence: MacroSequence): number[] {
	assertMacroSequence(sequence, vocabulary.config);
	const stages = sequence.stages.flatMap((stage) => [
		vocabulary.find("cluster", stage.cluster).id,
		vocabulary.find("channels", stage.channels).id,
		vocabulary.find("stride", stage.stride).id,
		vocabulary.find("repeats", stage.repeats).id,
	]);
	return [...stages, vocabulary.find("final", sequence.finalChannels).id, vocabulary.find("end").id];
}

/** Prompt and sequence in one list of ids, as the model is trained on it. */
export function encode(vocabulary: Vocabulary, condition: Condition, sequence: MacroSequence): number[] {
	return [...encodeCondition(vocabulary, condition), ...encodeSequence(vocabulary, sequence)];
}

/**
 * The condition of a prompt; every field that is given becomes the centre of its bin.
 *
 * @throws INVALID_ARGUMENT when the ids do not form a prompt
 */
function decodeCondition(vocabulary: Vocabulary, ids: readonly number[]): Condition {
	if (ids.length !== vocabulary.promptLength || vocabulary.at(ids[0]!).kind !== "begin") {
		throw invalidArgument("tokens", `a prompt is <bos> and ${vocabulary.fields.length} condition tokens`);
	}
	const condition: { -readonly [F in ConditionField]?: number } = {};
	vocabulary.fields.forEach((field, index) => {
		const token = vocabulary.at(ids[index + 1]!);
		if (token.kind === "any") return;
		if (token.kind !== field) throw invalidArgument("tokens", `expected ${field}, found ${token.text}`);
		condition[field] = binCentre(vocabulary.config.scales[field]!, token.value);
	});
	return condition;
}

/** Follows the grammar over ids that come after the prompt. @throws INVALID_ARGUMENT at the first wrong token */
export function parsePartial(vocabulary: Vocabulary, ids: readonly number[]): PartialSequence {
	return ids.reduce((partial, id) => advance(vocabulary.config, partial, vocabulary.at(id)), START);
}

/** Inverse of {@link encode}. @throws INVALID_ARGUMENT when the ids are not a prompt and a complete sequence */
export function decode(
	vocabulary: Vocabulary,
	ids: readonly number[],
): { condition: Condition; sequence: MacroSequence } {
	const { promptLength } = vocabulary;
	return {
		condition: decodeCondition(vocabulary, ids.slice(0, promptLength)),
		sequence: toMacroSequence(parsePartial(vocabulary, ids.slice(promptLength))),
	};
}
