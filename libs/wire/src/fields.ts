import { ArchgenError } from "@archgen/errors";

/** Fields whose name in a message is not just the domain's name in snake case. */
const RENAMED: Readonly<Record<string, string>> = {
	"input.size": "input_size",
	"input.width": "input_width",
	"input.channels": "input_channels",
	"target.width": "input_width",
	"target.channels": "input_channels",
	"target.task": "task",
	"target.outputStride": "output_stride",
	inputSize: "input_size",
	classes: "class_count",
	finalChannels: "final_channels",
	"target.size": "input_size",
	"target.classes": "class_count",
	topK: "top_k",
};

/** A field of the domain, e.g. `stages[0].cell.operations[1].type`, as callers write it in a message. */
export function messageField(field: string): string {
	return RENAMED[field] ?? field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Runs `body` and restates the fields that its INVALID_ARGUMENT error names: in the terms of the message, below `prefix`.
 *
 * @param prefix where the message stands in the request, e.g. `items[3].network`; empty for the top
 */
export function inMessageTerms<T>(prefix: string, body: () => T): T {
	try {
		return body();
	} catch (error) {
		throw restateFields(prefix, error);
	}
}

/** The error with its fields restated; anything but an INVALID_ARGUMENT error comes back unchanged. */
export function restateFields(prefix: string, error: unknown): unknown {
	if (!(error instanceof ArchgenError) || error.violations.length === 0) {
		return error;
	}
	const violations = error.violations.map(({ field, description }) => ({
		field: [prefix, messageField(field)].filter((part) => part !== "").join("."),
		description,
	}));
	return new ArchgenError({
		category: error.category,
		reason: error.reason,
		message: violations.map(({ field, description }) => `${field}: ${description}`).join("; "),
		violations,
		metadata: error.metadata,
		cause: error,
	});
}
