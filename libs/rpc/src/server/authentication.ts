import { createHash, timingSafeEqual } from "node:crypto";
import {
	type Metadata,
	ServerInterceptingCall,
	type ServerInterceptor,
	ServerListenerBuilder,
	status,
} from "@grpc/grpc-js";
import { buildStatus } from "../status/encode.js";

const HEALTH_PREFIX = "/grpc.health.v1.Health/";

/**
 * An interceptor that answers UNAUTHENTICATED unless the call carries one of the bearer tokens. Health checks pass, because
 * the probes of container platforms cannot send tokens and learn nothing from them but liveness.
 */
export function bearerTokenInterceptor(tokens: readonly string[]): ServerInterceptor {
	const digests = tokens.map(digest);
	return (method, call) => {
		if (method.path.startsWith(HEALTH_PREFIX)) {
			return new ServerInterceptingCall(call);
		}
		const listener = new ServerListenerBuilder()
			.withOnReceiveMetadata((metadata, next) => {
				if (isKnown(bearerToken(metadata), digests)) {
					next(metadata);
				} else {
					call.sendStatus(UNAUTHENTICATED);
				}
			})
			.build();
		return new ServerInterceptingCall(call, { start: (next) => next(listener) });
	};
}

const UNAUTHENTICATED = buildStatus(
	status.UNAUTHENTICATED,
	"This service needs a bearer token: send `authorization: Bearer TOKEN`.",
	{ reason: "TOKEN_REQUIRED" },
);

function bearerToken(metadata: Metadata): string {
	const value = metadata.get("authorization")[0];
	return typeof value === "string" && /^bearer /i.test(value) ? value.slice("bearer ".length).trim() : "";
}

/** Compares with every token, in time that depends neither on the content nor on which one matches. */
function isKnown(token: string, digests: readonly Buffer[]): boolean {
	const given = digest(token);
	return digests.reduce((known, expected) => timingSafeEqual(given, expected) || known, false);
}

// Digests have equal lengths, which timingSafeEqual demands and which hides the length of the token.
function digest(token: string): Buffer {
	return createHash("sha256").update(token).digest();
}
