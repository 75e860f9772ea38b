import type { ArchgenError, FieldViolation } from "@archgen/errors";
import { Metadata, type status } from "@grpc/grpc-js";
import { Any } from "../generated/google/protobuf/any.js";
import { BadRequest, ErrorInfo, RetryInfo } from "../generated/google/rpc/error_details.js";
import { Status } from "../generated/google/rpc/status.js";
import { STATUS_OF_CATEGORY } from "./categories.js";

/** Trailer in which gRPC carries a serialised `google.rpc.Status`. */
export const DETAILS_KEY = "grpc-status-details-bin";

/** Domain that every `ErrorInfo` of ours names. */
const ERROR_DOMAIN = "archgen";

/** A status as grpc-js takes it from a handler. */
export interface RpcStatus {
	readonly code: status;
	readonly details: string;
	readonly metadata: Metadata;
}

interface StatusFacts {
	readonly reason: string;
	readonly metadata?: Readonly<Record<string, string>>;
	readonly violations?: readonly FieldViolation[];
	readonly retryAfterMs?: number;
}

/** A path of at least two parts from the root of a file system; not that of a URL or a method. */
const ABSOLUTE_PATH = /(?<![\w:/.~-])(?:[A-Z]:)?[\\/](?:[\w.@+~-]+[\\/])+([\w.@+~-]*)/g;

/** A text without the folders of this machine, which are nobody's business elsewhere: the last part of a path stays. */
export function withoutFolders(text: string): string {
	return text.replace(ABSOLUTE_PATH, (_, last: string) => `…/${last}`);
}

/** Translates a domain error to its gRPC status with `ErrorInfo`, `BadRequest` and `RetryInfo` details. */
export function errorToStatus(error: ArchgenError): RpcStatus {
	return buildStatus(STATUS_OF_CATEGORY[error.category], withoutFolders(error.message), error);
}

/** A domain error as the message `google.rpc.Status`, as long-running operations carry it. */
export function errorToStatusMessage(error: ArchgenError): Status {
	const message = withoutFolders(error.message);
	return { code: STATUS_OF_CATEGORY[error.category], message, details: detailsOf(error) };
}

/** Builds a status with the details that the facts call for; `ErrorInfo` is always there. */
export function buildStatus(code: status, message: string, facts: StatusFacts): RpcStatus {
	const encoded = Status.encode({ code, message, details: detailsOf(facts) }).finish();
	const metadata = new Metadata();
	metadata.set(DETAILS_KEY, Buffer.from(encoded));
	return { code, details: message, metadata };
}

function detailsOf(facts: StatusFacts): Any[] {
	const info = ErrorInfo.fromPartial({
		reason: facts.reason,
		domain: ERROR_DOMAIN,
		metadata: Object.fromEntries(
			Object.entries(facts.metadata ?? {}).map(([key, value]) => [key, withoutFolders(value)]),
		),
	});
	const details = [pack("google.rpc.ErrorInfo", ErrorInfo.encode(info).finish())];
	if (facts.violations && facts.violations.length > 0) {
		const request = BadRequest.fromPartial({ fieldViolations: [...facts.violations] });
		details.push(pack("google.rpc.BadRequest", BadRequest.encode(request).finish()));
	}
	if (facts.retryAfterMs !== undefined) {
		const retry = RetryInfo.fromPartial({ retryDelay: durationOf(facts.retryAfterMs) });
		details.push(pack("google.rpc.RetryInfo", RetryInfo.encode(retry).finish()));
	}
	return details;
}

function durationOf(milliseconds: number): { seconds: bigint; nanos: number } {
	const whole = Math.floor(milliseconds / 1000);
	return { seconds: BigInt(whole), nanos: Math.round((milliseconds - whole * 1000) * 1e6) };
}

function pack(type: string, bytes: Uint8Array): Any {
	return Any.fromPartial({ typeUrl: `type.googleapis.com/${type}`, value: Buffer.from(bytes) });
}
