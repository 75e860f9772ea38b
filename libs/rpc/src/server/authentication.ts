import { createHash, timingSafeEqual } from "node:crypto";
import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder, status } from "@grpc/grpc-js";
import { buildStatus } from "../status/encode.js";

const HEALTH_PREFIX = "/grpc.health.v1.Health/";

/** Tokens of the two kinds of callers. */
export interface AcceptedTokens {
	/** Open every method but the administrative ones; those as well where there are no tokens of administrators. */
	readonly tokens: readonly string[];
	/** Open every method. */
	readonly adminTokens: readonly string[];
}

/** Verbs of methods that change what others get: which model answers, what is trained, what is deleted. */
const ADMINISTRATIVE = /^(Promote|Rollback|Delete|Train)/;

/** True for a method that asks for a token of an administrator. */
export function isAdministrative(path: string): boolean {
	return ADMINISTRATIVE.test(path.slice(path.lastIndexOf("/") + 1));
}

/**
 * An interceptor that answers UNAUTHENTICATED unless the call carries one of the bearer tokens, and PERMISSION_DENIED for an administrative method
 * with a token of another kind. Health checks pass, because the probes of container platforms cannot send tokens and learn nothing from them
 * but liveness.
 */
export function bearerTokenInterceptor({ tokens, adminTokens }: AcceptedTokens): ServerInterceptor {
	const isAdministrator = knownToken(adminTokens);
	const isCaller = knownToken([...tokens, ...adminTokens]);
	return (method, call) => {
		if (method.path.startsWith(HEALTH_PREFIX)) {
			return new ServerInterceptingCall(call);
		}
		const restricted = adminTokens.length > 0 && isAdministrative(method.path);
		const listener = new ServerListenerBuilder()
			.withOnReceiveMetadata((metadata, next) => {
				const [token] = metadata.get("authorization");
				if (!isCaller(token)) call.sendStatus(UNAUTHENTICATED);
				else if (restricted && !isAdministrator(token)) call.sendStatus(PERMISSION_DENIED);
				else next(metadata);
			})
			.build();
		return new ServerInterceptingCall(call, { start: (next) => next(listener) });
	};
}

/** Reason and message of calls without a token. */
export const TOKEN_REQUIRED = {
	reason: "TOKEN_REQUIRED",
	message:
		"This service needs a bearer token: send `authorization: Bearer TOKEN`, with archgen by --token-file.",
} as const;

const UNAUTHENTICATED = buildStatus(status.UNAUTHENTICATED, TOKEN_REQUIRED.message, TOKEN_REQUIRED);

const PERMISSION_DENIED = buildStatus(
	status.PERMISSION_DENIED,
	"This method needs the token of an administrator: promoting, rolling back, deleting and training change what others get.",
	{ reason: "ADMIN_TOKEN_REQUIRED" },
);

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
