import { ArchgenError, type ArchgenErrorDetails } from "@archgen/errors";
import { Metadata, status } from "@grpc/grpc-js";
import type { Any } from "../generated/google/protobuf/any.js";
import { BadRequest, ErrorInfo, RetryInfo } from "../generated/google/rpc/error_details.js";
import { Status } from "../generated/google/rpc/status.js";
import { CATEGORY_OF_STATUS } from "./categories.js";
import { DETAILS_KEY } from "./encode.js";

type Facts = Partial<Pick<ArchgenErrorDetails, "reason" | "metadata" | "violations" | "retryAfterMs">>;

/** What each known detail message adds to an error. */
const READERS: Readonly<Record<string, (bytes: Uint8Array) => Facts>> = {
	"google.rpc.ErrorInfo": (bytes) => {
		const { reason, metadata } = ErrorInfo.decode(bytes);
		return { reason, metadata };
	},
	"google.rpc.BadRequest": (bytes) => ({
		violations: BadRequest.decode(bytes).fieldViolations.map(({ field, description }) => ({
			field,
			description,
		})),
	}),
	"google.rpc.RetryInfo": (bytes) => {
		const delay = RetryInfo.decode(bytes).retryDelay;
		return delay ? { retryAfterMs: Number(delay.seconds) * 1000 + delay.nanos / 1e6 } : {};
	},
};

/** The transport's words for a stream that ended without a status: a server died under the call. No server says this of its own work. */
const CUT = /^Received RST_STREAM with code \d+ \(Call ended without gRPC status\)$/;

/**
 * Translates what a gRPC call failed with back to a domain error. A status without details keeps its code's name as the
 * reason; anything that is not a gRPC failure comes back as INTERNAL with the original as the cause.
 */
export function statusToError(failure: unknown): ArchgenError {
	if (failure instanceof ArchgenError) {
		return failure;
	}
	const { code, details, metadata } = readFailure(failure);
	const cut = CUT.test(details);
	return new ArchgenError({
		category: cut ? "UNAVAILABLE" : CATEGORY_OF_STATUS[code],
		reason: cut ? "CONNECTION_LOST" : status[code],
		message: details,
		...readDetails(metadata),
		cause: failure,
	});
}

function readFailure(failure: unknown): { code: status; details: string; metadata: Metadata } {
	const fields: Record<string, unknown> =
		typeof failure === "object" && failure !== null ? { ...failure } : {};
	const code = typeof fields.code === "number" && fields.code in status ? fields.code : status.UNKNOWN;
	const details = typeof fields.details === "string" ? fields.details : String(failure);
	return { code, details, metadata: fields.metadata instanceof Metadata ? fields.metadata : new Metadata() };
}

function readDetails(metadata: Metadata): Facts {
	const bytes = metadata.get(DETAILS_KEY)[0];
	if (!Buffer.isBuffer(bytes)) {
		return {};
	}
	try {
		return Object.assign({}, ...Status.decode(bytes).details.map(readDetail)) as Facts;
	} catch {
		// Details come from the network: a peer that garbles them must not hide the status itself.
		return {};
	}
}

function readDetail(detail: Any): Facts {
	return READERS[detail.typeUrl.slice(detail.typeUrl.lastIndexOf("/") + 1)]?.(detail.value) ?? {};
}
