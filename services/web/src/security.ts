import { isAdministrative, isLoopback, knownToken, TOKEN_REQUIRED } from "@archgen/rpc";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { problem } from "./problem.js";

/** Whoever may call. */
export interface Callers {
	readonly tokens?: readonly string[];
	readonly adminTokens?: readonly string[];
}

/** Paths that need a token; liveness and the page, which asks for the token itself, need none. */
const API_PREFIX = "/api/";

/**
 * Refuses requests from other sites, under foreign host names on loopback (DNS rebinding), and, below `/api/`, without one of
 * the tokens when there are any; administrative methods ask for the token of an administrator where there are such.
 */
export function guard(app: FastifyInstance, host: string, { tokens = [], adminTokens = [] }: Callers): void {
	const isAdministrator = knownToken(adminTokens);
	const isCaller = knownToken([...tokens, ...adminTokens]);
	const closed = tokens.length + adminTokens.length > 0;
	app.addHook("onRequest", async (request, reply) => {
		const refusal = foreignRequest(request, host);
		if (refusal !== undefined) {
			return reply.code(403).send(problem(403, "PERMISSION_DENIED", "FOREIGN_ORIGIN", refusal));
		}
		if (!closed || !request.url.startsWith(API_PREFIX)) return undefined;
		const { authorization } = request.headers;
		if (!isCaller(authorization)) {
			reply.header("www-authenticate", "Bearer");
			const { reason, message } = TOKEN_REQUIRED;
			return reply.code(401).send(problem(401, "UNAUTHENTICATED", reason, message));
		}
		if (adminTokens.length > 0 && isAdministrative(request.url) && !isAdministrator(authorization)) {
			const message = "This method needs the token of an administrator: it changes what others get.";
			return reply.code(403).send(problem(403, "PERMISSION_DENIED", "ADMIN_TOKEN_REQUIRED", message));
		}
		return undefined;
	});
}

function foreignRequest({ headers }: FastifyRequest, host: string): string | undefined {
	const asked = headers.host ?? "";
	if (isLoopback(host) && !isLoopback(asked.replace(/:\d+$/, ""))) {
		return `The gateway serves this machine only; ask 127.0.0.1 or localhost, not ${asked}.`;
	}
	const site = headers["sec-fetch-site"];
	const crossSite = site !== undefined && site !== "same-origin" && site !== "none";
	const { origin } = headers;
	if (crossSite || (origin !== undefined && !origin.endsWith(`://${asked}`))) {
		return "Requests of other sites are refused; open the page of this gateway itself.";
	}
	return undefined;
}
