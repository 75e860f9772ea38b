import { expect, it } from "vitest";
import { ArchgenError, invalidArgument } from "./archgen-error.js";
import { errorToMessage, messageToError } from "./error-message.js";

const sent = (error: unknown, reason?: string) =>
	messageToError(structuredClone(errorToMessage(error, reason)));

it("brings a domain error across with everything it says", () => {
	const failure = {
		category: "DATA_LOSS",
		reason: "GONE",
		message: "gone",
		metadata: { file: "a" },
	} as const;
	expect(sent(new ArchgenError(failure))).toMatchObject({ ...failure, name: "ArchgenError" });
	expect(sent(invalidArgument("count", "must be 1"))).toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [{ field: "count", description: "must be 1" }],
	});
});

it("brings an unexpected error as a plain one with its stack, or under the reason that is given", () => {
	const plain = sent(new TypeError("x is not a function"));
	expect(plain).not.toBeInstanceOf(ArchgenError);
	expect(plain.message).toContain("TypeError: x is not a function\n    at ");
	expect(sent("text", "SCORING_FAILED")).toMatchObject({ reason: "SCORING_FAILED", message: "text" });
});
