import { createHash, timingSafeEqual } from "node:crypto";
import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from "@grpc/grpc-js";
import { buildStatus } from "../status/encode.js";

const HEALTH_PREFIX = "/grpc.health.v1.Health/";

/**
 * An interceptor that answers UNAUTHENTICATED unless the call carries one of the bearer tokens. Health checks pass, because
 * the probes of container platforms cannot send tokens and learn nothing from them but liveness.
 */
export function bearerTokenInterceptor(tokens: readonly string[]): ServerInterceptor {
	const isKnown = knownToken(tokens);
	return (method, call) => {
		if (method.path.startsWith(HEALTH_PREFIX)) {
			return new ServerInterceptingCall(call);
		}
		const listener = new ServerListenerBuilder()
			.withOnReceiveMetadata((metadata, next) => {
				if (isKnown(metadata.get("authorization")[0])) {
					next(metadata);
				} else {
					call.sendStatus(UNAUTHENTICATED);
				}
			})
			.build();
		return new ServerInterceptingCall(call, { start: (next) => next(listener) });
	};
}

/** Reason and message of calls without a token. */
export const TOKEN_REQUIRED = {
	reason: "TOKEN_REQUIRED",
	message: "This service needs a bearer token: send `authorization: Bearer TOKEN`.",
} as const;

const UNAUTHENTICATED = buildStatus(status.UNAUTHENTICATED, TOKEN_REQUIRED.message, TOKEN_REQUIRED);

/**
 * Says whether the value of an `authorization` header carries one of the tokens. It compares with every token, in time that
 * depends neither on the content nor on which one matches.
 */
export function knownToken(tokens: readonly string[]): (authorization: unknown) => boolean {
	const digests = tokens.map(digest);
	return (authorization) => {
		const given = digest(bearerToken(authorization));
		return digests.reduce((known, expected) => timingSafeEqual(given, expected) || known, false);
	};
}

function bearerToken(value: unknown): string {
	return typeof value === "string" && /^bearer /i.test(value) ? value.slice("bearer ".length).trim() : "";
}

// Digests have equal lengths, which timingSafeEqual demands and which hides the length of the token.
function digest(token: string): Buffer {
	return createHash("sha256").update(token).digest();
}
