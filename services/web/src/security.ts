import { isAdministrative, isLoopback, knownToken, TOKEN_REQUIRED } from "@archgen/rpc";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { noteProblem } from "./observe.js";
import { problem } from "./problem.js";
import { API_PREFIX } from "./protocol.js";

/** Whoever may call. */
export interface Callers {
	readonly tokens?: readonly string[];
	readonly adminTokens?: readonly string[];
}

/**
 * Refuses requests from other sites, under foreign host names on loopback (DNS rebinding), and, below `/api/`, without one of
 * the tokens when there are any; administrative methods ask for the token of an administrator where there are such.
 */
export function guard(app: FastifyInstance, host: string, { tokens = [], adminTokens = [] }: Callers): void {
	const isAdministrator = knownToken(adminTokens);
	const isCaller = knownToken([...tokens, ...adminTokens]);
	const closed = tokens.length + adminTokens.length > 0;
	app.addHook("onRequest", async (request, reply) => {
		const refuse = (...facts: Parameters<typeof problem>) =>
			reply.code(facts[0]).send(noteProblem(request, problem(...facts)));
		const refusal = foreignRequest(request, host);
		if (refusal !== undefined) {
			return refuse(403, "PERMISSION_DENIED", "FOREIGN_ORIGIN", refusal);
		}
		if (!closed || !request.url.startsWith(API_PREFIX)) return undefined;
		const { authorization } = request.headers;
		if (!isCaller(authorization)) {
			reply.header("www-authenticate", "Bearer");
			const { reason, message } = TOKEN_REQUIRED;
			return refuse(401, "UNAUTHENTICATED", reason, message);
		}
		if (adminTokens.length > 0 && isAdministrative(request.url) && !isAdministrator(authorization)) {
			const message = "This method needs the token of an administrator: it changes what others get.";
			return refuse(403, "PERMISSION_DENIED", "ADMIN_TOKEN_REQUIRED", message);
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
