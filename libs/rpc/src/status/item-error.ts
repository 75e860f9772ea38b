import { ArchgenError } from "@archgen/errors";
import { status } from "@grpc/grpc-js";
import { ItemError } from "../generated/archgen/common/v1/error.js";
import type { Code } from "../generated/google/rpc/code.js";
import { CATEGORY_OF_STATUS, STATUS_OF_CATEGORY } from "./categories.js";
import { withoutFolders } from "./encode.js";

/** Writes a domain error as the failure of one item of a batch. */
export function errorToItem(error: ArchgenError): ItemError {
	return ItemError.fromPartial({
		// google.rpc.Code and the gRPC status codes are the same numbers.
		code: STATUS_OF_CATEGORY[error.category] as number as Code,
		reason: error.reason,
		message: withoutFolders(error.message),
		violations: error.violations.map(({ field, description }) => ({ field, description })),
	});
}

/** Reads the failure of one item of a batch. */
export function itemToError(item: ItemError): ArchgenError {
	const code: number = item.code;
	return new ArchgenError({
		category: CATEGORY_OF_STATUS[code in status ? (code as status) : status.UNKNOWN],
		reason: item.reason,
		message: item.message,
		violations: item.violations,
	});
}
