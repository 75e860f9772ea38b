import { ArchgenError, type ErrorCategory, type FieldViolation } from "./archgen-error.js";

/** An error in a form that survives the way between threads and processes. */
export interface ErrorMessage {
	readonly category: ErrorCategory;
	readonly reason: string;
	readonly message: string;
	readonly violations: readonly FieldViolation[];
	readonly metadata: Readonly<Record<string, string>>;
}

const UNEXPECTED = "UNEXPECTED";

/**
 * The message of anything that was thrown.
 *
 * @param reason of what is no ArchgenError; by default such an error is a plain one again on the other side, with its stack as message
 */
export function errorToMessage(error: unknown, reason = UNEXPECTED): ErrorMessage {
	if (error instanceof ArchgenError) {
		const { category, reason: known, message, violations, metadata } = error;
		return { category, reason: known, message, violations: [...violations], metadata: { ...metadata } };
	}
	const text = error instanceof Error ? error.message : String(error);
	const message = reason === UNEXPECTED && error instanceof Error ? (error.stack ?? text) : text;
	return { category: "INTERNAL", reason, message, violations: [], metadata: {} };
}

/** The error of a message: a domain error, or a plain one for what was unexpected. */
export function messageToError(message: ErrorMessage): Error {
	return message.reason === UNEXPECTED ? new Error(message.message) : new ArchgenError(message);
}
