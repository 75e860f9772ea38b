import { CONSTRAINT_NAMES } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { resolveRequest } from "@archgen/generation";
import type { Question } from "./ask.js";

/** Options by the names that the generator's own checks give them. */
const FLAGS: ReadonlyMap<string, string> = new Map([
	["target.size", "--input"],
	["target.classes", "--classes"],
	["candidates", "--candidates"],
	["topK", "--top"],
	["seed", "--seed"],
	...CONSTRAINT_NAMES.map((name) => [`constraints.${name}`, flagOf(name)] as const),
]);

/**
 * Refuses what no orchestrator would answer, before anything is started.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming every offending option
 */
export function checkQuestion({ constraints, input, classes, candidates, top, seed }: Question): void {
	try {
		resolveRequest({ target: { size: input, classes }, constraints, candidates, topK: top, seed });
	} catch (error) {
		throw inOptions(error);
	}
}

/** An error that names fields of a request, with the options they came from; any other comes back unchanged. */
export function inOptions(error: unknown): unknown {
	if (!(error instanceof ArchgenError) || !error.violations.some(({ field }) => FLAGS.has(field)))
		return error;
	const violations = error.violations.map(({ field, description }) => ({
		field: FLAGS.get(field) ?? field,
		description,
	}));
	const message = violations.map(({ field, description }) => `${field} ${description}`).join("; ");
	return new ArchgenError({ ...error, message, violations });
}

/** `maxFlopCount` as `--max-flop-count`. */
function flagOf(name: string): string {
	return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
