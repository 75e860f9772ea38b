import { randomUUID } from "node:crypto";
import { performance } from "node:perf_hooks";
import {
	type CallObserver,
	type Logger,
	logCall,
	openServerSpan,
	REQUEST_ID_KEY,
	type ServerSpan,
	statusNamed,
} from "@archgen/rpc";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Problem } from "./problem.js";
import { API_PREFIX } from "./protocol.js";

/** A call of the API in progress. */
interface ObservedCall {
	readonly requestId: string;
	readonly span: ServerSpan;
	/** What it failed with, once it has. */
	problem?: Problem;
}

const CALLS = new WeakMap<FastifyRequest, ObservedCall>();
/** Longest identifier of a request that is taken from a caller. */
const MAX_REQUEST_ID = 128;

/** Counts, measures, traces and logs the calls of the API as a gRPC server does its own, by the path of the method. */
export function observeApi(app: FastifyInstance, logger: Logger, observe: CallObserver): void {
	app.addHook("onRequest", async (request, reply) => {
		const { url: route } = request.routeOptions;
		if (request.method !== "POST" || !route?.startsWith(API_PREFIX)) return;
		const method = route.slice(API_PREFIX.length - 1);
		const call = openCall(method, request);
		CALLS.set(request, call);
		const [start, tell] = [performance.now(), observe(method)];
		reply.raw.once("close", () => {
			const { requestId, span, problem } = call;
			const broken = problem === undefined && !reply.raw.writableFinished;
			const code = statusNamed(broken ? "CANCELLED" : (problem?.title ?? "OK"));
			const reason = broken ? "CANCELLED" : (problem?.reason ?? "");
			const message = broken ? "The caller went away." : (problem?.detail ?? "");
			span.end({ code, reason, requestId });
			const durationMs = performance.now() - start;
			const report = { method, code, reason, message, requestId, traceId: span.traceId, durationMs };
			tell(report);
			logCall(logger, report);
		});
	});
}

function openCall(method: string, { headers }: FastifyRequest): ObservedCall {
	const one = (key: string) => {
		const value = headers[key];
		return Array.isArray(value) ? value[0] : value;
	};
	const requestId = one(REQUEST_ID_KEY)?.slice(0, MAX_REQUEST_ID) || randomUUID();
	return { requestId, span: openServerSpan(method, { get: one, keys: () => Object.keys(headers) }) };
}

/** Notes what a call fails with. */
export function noteProblem(request: FastifyRequest, problem: Problem): Problem {
	const call = CALLS.get(request);
	if (call !== undefined) call.problem = problem;
	return problem;
}

/** Runs what answers a call inside its span. */
export function inRequestSpan<T>(request: FastifyRequest, body: () => T): T {
	const call = CALLS.get(request);
	return call === undefined ? body() : call.span.run(body);
}

/** Metadata by which the service behind the gateway knows the call. */
export function requestMetadata(request: FastifyRequest): Readonly<Record<string, string>> {
	const call = CALLS.get(request);
	return call === undefined ? {} : { [REQUEST_ID_KEY]: call.requestId };
}
