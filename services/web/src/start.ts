import { setMaxListeners } from "node:events";
import { createServer as createHttpServer, type RequestListener } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ArchgenError } from "@archgen/errors";
import {
	type CallContext,
	ConcurrencyLimit,
	createLogger,
	isLoopback,
	type Logger,
	requireSecureAddress,
	type ServerTls,
	ServiceMetrics,
	type StartedService,
	serveMetrics,
	serverConfig,
	toDomainError,
	watchExpiry,
} from "@archgen/rpc";
import helmet from "@fastify/helmet";
import pages from "@fastify/static";
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from "fastify";
import { addCalls, stopped } from "./calls.js";
import { noteProblem, observeApi } from "./observe.js";
import { openApiDocument } from "./openapi/document.js";
import { errorToProblem, type Problem, problem } from "./problem.js";
import { guard } from "./security.js";
import type { WebSettings } from "./settings.js";
import { Upstreams } from "./upstream.js";

/** The built page; the same from the compiled program and from sources. */
const PAGE = fileURLToPath(new URL("../dist/page", import.meta.url));

/** Nothing but files of this origin; no inline script, no frame around the page. */
const CONTENT_SECURITY_POLICY = {
	useDefaults: false,
	directives: {
		defaultSrc: ["'none'"],
		scriptSrc: ["'self'"],
		styleSrc: ["'self'"],
		imgSrc: ["'self'", "data:", "blob:"],
		fontSrc: ["'self'"],
		connectSrc: ["'self'"],
		baseUri: ["'none'"],
		formAction: ["'none'"],
		frameAncestors: ["'none'"],
	},
};

/**
 * Starts the gateway: every method of the protocol at `POST /api/SERVICE/METHOD`, its description at `/api/openapi.json`,
 * the health of the services at `/health`, and the page at `/`.
 *
 * @throws FAILED_PRECONDITION when the address is not loopback and TLS or tokens are missing, or when it cannot be bound
 */
export async function startWeb(settings: WebSettings): Promise<StartedService> {
	const { limits, logLevel, upstream } = settings;
	const { host = "127.0.0.1", port = 0, tls, tokens = [], adminTokens = [] } = serverConfig(settings);
	const closed = tokens.length + adminTokens.length > 0;
	requireSecureAddress(host, tls, [...tokens, ...adminTokens]);
	const logger = createLogger({ service: "web", level: logLevel });
	const upstreams = new Upstreams(upstream);
	const leaving = new AbortController();
	setMaxListeners(0, leaving.signal);
	const app = createApp(tls, limits.maxReceiveBytes);
	await app.register(helmet, { contentSecurityPolicy: CONTENT_SECURITY_POLICY, hsts: tls !== undefined });
	const metrics = new ServiceMetrics();
	observeApi(app, logger, metrics.observe);
	refuseOnceLeaving(app, leaving.signal);
	guard(app, host, { tokens, adminTokens });
	handleErrors(app, logger);
	addCalls(app, {
		upstreams,
		singles: new ConcurrencyLimit(limits.maxConcurrentCalls, limits.retryAfterMs),
		streams: new ConcurrencyLimit(limits.maxWaitingCalls, limits.retryAfterMs),
		forwardToken: upstream.token === undefined,
		leaving: leaving.signal,
		logger,
	});
	app.get("/api/openapi.json", async () => openApiDocument());
	// Commands that the page shows name the orchestrator; other machines are not told of addresses behind the gateway.
	const known = isLoopback(host) ? { orchestrator: upstream.orchestrator } : {};
	app.get("/health", async () => ({ services: await upstreams.health(), tokens: closed, ...known }));
	// The names of assets change with their content; the page itself is looked for each time.
	await app.register(pages, {
		root: PAGE,
		cacheControl: false,
		setHeaders: (reply, path) =>
			reply.setHeader(
				"cache-control",
				path.includes("/assets/") ? "public, max-age=31536000, immutable" : "no-cache",
			),
	});
	const served = await serveMetrics(metrics, settings).catch(async (failure: unknown) => {
		upstreams.close();
		await app.close();
		throw failure;
	});
	try {
		await listen(app, host, port);
	} catch (failure) {
		upstreams.close();
		await served.stop();
		throw failure;
	}
	const address = addressOf(app, host);
	logger.info({ address }, "gateway answering");
	const stopWatching = tls === undefined ? () => {} : watchExpiry(tls, logger);
	let stopping: Promise<void> | undefined;
	const stop = async () => {
		stopWatching();
		// Streams end at once and say so; single answers may still come.
		leaving.abort();
		const late = new AbortController();
		const cut = sleep(limits.drainMs, undefined, { signal: late.signal, ref: false }).then(
			() => app.server.closeAllConnections(),
			() => {},
		);
		await app.close();
		late.abort();
		await cut;
		upstreams.close();
		await served.stop();
	};
	return {
		address,
		metricsAddress: served.address,
		stop: () => {
			stopping ??= stop();
			return stopping;
		},
	};
}

function createApp(tls: ServerTls | undefined, bodyLimit: number): FastifyInstance {
	const serve = (listener: RequestListener) =>
		tls === undefined ? createHttpServer(listener) : createHttpsServer(tlsOptions(tls), listener);
	// While it closes, fastify would answer in a form of its own; see refuseOnceLeaving.
	return fastify({
		...{ bodyLimit, serverFactory: serve, forceCloseConnections: "idle" },
		return503OnClosing: false,
	});
}

function tlsOptions({ certificate, privateKey, clientAuthority }: ServerTls) {
	const mutual = clientAuthority === undefined ? {} : { ca: clientAuthority, requestCert: true };
	return { cert: certificate, key: privateKey, ...mutual };
}

/** What comes over a connection that is still open once the gateway stops is told so, as any other problem. */
function refuseOnceLeaving(app: FastifyInstance, leaving: AbortSignal): void {
	app.addHook("onRequest", async (_, reply) => {
		if (!leaving.aborted) return;
		reply.header("connection", "close");
		throw stopped();
	});
}

function handleErrors(app: FastifyInstance, logger: Logger): void {
	app.setErrorHandler(async (failure, request, reply) =>
		sendProblem(request, reply, problemOf(failure, logger)),
	);
	app.setNotFoundHandler(async (request, reply) =>
		sendProblem(
			request,
			reply,
			problem(
				404,
				"NOT_FOUND",
				"NO_SUCH_PATH",
				`There is no ${request.method} ${request.url}; /api/openapi.json lists what there is.`,
			),
		),
	);
}

function problemOf(failure: unknown, logger: Logger): Problem {
	// What the HTTP layer refuses: unreadable JSON, a body that is too large, another content type.
	const { statusCode, message } = failure as { statusCode?: number; message: string };
	if (!(failure instanceof ArchgenError) && statusCode !== undefined && statusCode < 500) {
		return problem(statusCode, "INVALID_ARGUMENT", "UNREADABLE_REQUEST", message);
	}
	const context = { logger, signal: new AbortController().signal };
	return errorToProblem(toDomainError(failure, context as unknown as CallContext));
}

function sendProblem(request: FastifyRequest, reply: FastifyReply, body: Problem) {
	noteProblem(request, body);
	if (body.retryAfterMs !== undefined) reply.header("retry-after", Math.ceil(body.retryAfterMs / 1000));
	return reply.code(body.status).type("application/problem+json").send(body);
}

async function listen(app: FastifyInstance, host: string, port: number): Promise<void> {
	try {
		await app.listen({ host: host.replace(/^\[|\]$/g, ""), port });
	} catch (cause) {
		await app.close();
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "CANNOT_BIND",
			message: `Cannot listen on ${host}:${port}; choose another port or 0 for a free one.`,
			metadata: { host, port: String(port) },
			cause,
		});
	}
}

function addressOf(app: FastifyInstance, host: string): string {
	const bound = app.server.address();
	const port = typeof bound === "object" && bound !== null ? bound.port : 0;
	return `${host.includes(":") && !host.startsWith("[") ? `[${host}]` : host}:${port}`;
}
