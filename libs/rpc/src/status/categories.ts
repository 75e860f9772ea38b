import type { ErrorCategory } from "@archgen/errors";
import { status } from "@grpc/grpc-js";

/** gRPC status of each error category. */
export const STATUS_OF_CATEGORY: Readonly<Record<ErrorCategory, status>> = {
	INVALID_ARGUMENT: status.INVALID_ARGUMENT,
	NOT_FOUND: status.NOT_FOUND,
	FAILED_PRECONDITION: status.FAILED_PRECONDITION,
	RESOURCE_EXHAUSTED: status.RESOURCE_EXHAUSTED,
	CANCELLED: status.CANCELLED,
	DEADLINE_EXCEEDED: status.DEADLINE_EXCEEDED,
	UNAVAILABLE: status.UNAVAILABLE,
	DATA_LOSS: status.DATA_LOSS,
	INTERNAL: status.INTERNAL,
};

/** Category under which a caller sees each gRPC status, including the ones our services never send themselves. */
export const CATEGORY_OF_STATUS: Readonly<Record<status, ErrorCategory>> = {
	[status.OK]: "INTERNAL",
	[status.CANCELLED]: "CANCELLED",
	[status.UNKNOWN]: "INTERNAL",
	[status.INVALID_ARGUMENT]: "INVALID_ARGUMENT",
	[status.DEADLINE_EXCEEDED]: "DEADLINE_EXCEEDED",
	[status.NOT_FOUND]: "NOT_FOUND",
	[status.ALREADY_EXISTS]: "FAILED_PRECONDITION",
	[status.PERMISSION_DENIED]: "FAILED_PRECONDITION",
	[status.RESOURCE_EXHAUSTED]: "RESOURCE_EXHAUSTED",
	[status.FAILED_PRECONDITION]: "FAILED_PRECONDITION",
	[status.ABORTED]: "UNAVAILABLE",
	[status.OUT_OF_RANGE]: "INVALID_ARGUMENT",
	[status.UNIMPLEMENTED]: "FAILED_PRECONDITION",
	[status.INTERNAL]: "INTERNAL",
	[status.UNAVAILABLE]: "UNAVAILABLE",
	[status.DATA_LOSS]: "DATA_LOSS",
	[status.UNAUTHENTICATED]: "FAILED_PRECONDITION",
};
