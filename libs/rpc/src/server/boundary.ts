import { ArchgenError } from "@archgen/errors";
import { errorToStatus, type RpcStatus } from "../status/encode.js";
import type { CallContext } from "./call-context.js";

/**
 * The one place where what a handler threw becomes a status. Domain errors are expected and travel whole; anything else is a
 * defect: it is logged with its stack and answered without its text.
 */
export function failureToStatus(failure: unknown, context: CallContext): RpcStatus {
	const error = toDomainError(failure, context);
	const status = errorToStatus(error);
	// The caller is not told folders of this machine; whoever reads the log needs them.
	if (status.details !== error.message)
		context.logger.warn({ reason: error.reason, problem: error.message }, "call failed for");
	return status;
}

/** Like `failureToStatus`, for failures that are answered inside a message, such as one item of a batch. */
export function toDomainError(failure: unknown, context: CallContext): ArchgenError {
	// Whatever breaks off once the signal has fired is a consequence of that, not a defect; loops below know it as CANCELLED only.
	if (context.signal.aborted && (!(failure instanceof ArchgenError) || failure.category === "CANCELLED")) {
		const { reason } = context.signal;
		return reason instanceof ArchgenError ? reason : cancelled(reason);
	}
	if (failure instanceof ArchgenError) {
		return failure;
	}
	context.logger.error({ err: failure }, "unexpected error in a handler");
	return new ArchgenError({
		category: "INTERNAL",
		reason: "INTERNAL",
		message: "The service failed unexpectedly; its log has the cause.",
	});
}

function cancelled(cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "CANCELLED",
		reason: "CANCELLED",
		message: "The call was cancelled.",
		cause,
	});
}
