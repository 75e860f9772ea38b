import { Readable } from "node:stream";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import {
	type CallContext,
	type CallOptions,
	type ConcurrencyLimit,
	type Logger,
	toDomainError,
} from "@archgen/rpc";
import type { DescMethod } from "@bufbuild/protobuf";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { serverSentEvents } from "./events.js";
import { messageFromJson, messageToJson } from "./json.js";
import { inRequestSpan, noteProblem, requestMetadata } from "./observe.js";
import { errorToProblem } from "./problem.js";
import { gatewayServices, methodPath } from "./protocol.js";
import type { Upstreams } from "./upstream.js";

/** Header that gives a call a deadline, in milliseconds. */
const TIMEOUT_HEADER = "x-timeout-ms";

/** What calls need. */
export interface CallParts {
	readonly upstreams: Upstreams;
	/** Calls answered with one message at once. */
	readonly singles: ConcurrencyLimit;
	/** Streams open at once; most of them wait. */
	readonly streams: ConcurrencyLimit;
	/** Whether the token of the caller is passed on. */
	readonly forwardToken: boolean;
	/** Fires when streams have to end because the gateway stops. */
	readonly leaving: AbortSignal;
	readonly logger: Logger;
}

/** Adds `POST /api/SERVICE/METHOD` for every method of the protocol. */
export function addCalls(app: FastifyInstance, parts: CallParts): void {
	for (const { service } of gatewayServices) {
		for (const method of service.methods) {
			app.post(`/api${methodPath(method)}`, (request, reply) =>
				inRequestSpan(request, () => answer(method, parts, request, reply)),
			);
		}
	}
}

async function answer(method: DescMethod, parts: CallParts, request: FastifyRequest, reply: FastifyReply) {
	const leave = (method.methodKind === "unary" ? parts.singles : parts.streams).enter();
	const call = new AbortController();
	const abort = () => call.abort();
	const leaveAll = () => call.abort(stopped());
	reply.raw.once("close", abort);
	// Single answers may still come while the gateway drains.
	if (method.methodKind !== "unary") parts.leaving.addEventListener("abort", leaveAll);
	const done = () => {
		reply.raw.off("close", abort);
		parts.leaving.removeEventListener("abort", leaveAll);
		leave();
	};
	const options = callOptions(request, parts, call.signal);
	try {
		if (method.methodKind === "unary") {
			const message = messageFromJson(method.input, request.body);
			const response = await parts.upstreams.unary(method, message, options);
			done();
			return messageToJson(method.output, response);
		}
		const messages = parts.upstreams.stream(method, requestsOf(method, request.body), options);
		return await stream(
			method,
			messages[Symbol.asyncIterator](),
			done,
			toProblem(parts, call.signal, request),
			reply,
		);
	} catch (failure) {
		done();
		throw call.signal.reason instanceof ArchgenError ? call.signal.reason : failure;
	}
}

/** Begins the reply once the first message is there, so that an early failure has a status of its own. */
async function stream(
	method: DescMethod,
	messages: AsyncIterator<unknown>,
	done: () => void,
	toProblemOf: (failure: unknown) => ReturnType<typeof errorToProblem>,
	reply: FastifyReply,
) {
	const first = await messages.next();
	const events = serverSentEvents({
		messages,
		first,
		toJson: (message) => messageToJson(method.output, message),
		toProblem: toProblemOf,
		done,
	});
	return reply.type("text/event-stream").header("cache-control", "no-store").send(Readable.from(events));
}

/** One message, or for a method that takes a stream all messages of an array. */
function requestsOf(method: DescMethod, body: unknown): unknown {
	if (method.methodKind === "server_streaming") return messageFromJson(method.input, body);
	if (!Array.isArray(body)) {
		throw invalidArgument("body", `${method.name} takes a stream: send an array of ${method.input.name}.`);
	}
	return body.map((item) => messageFromJson(method.input, item));
}

function callOptions(request: FastifyRequest, parts: CallParts, signal: AbortSignal): CallOptions {
	const { authorization } = request.headers;
	const deadlineMs = deadlineOf(request.headers[TIMEOUT_HEADER]);
	return {
		signal,
		...(deadlineMs === undefined ? {} : { deadlineMs }),
		metadata: {
			...requestMetadata(request),
			...(parts.forwardToken && authorization !== undefined ? { authorization } : {}),
		},
	};
}

function deadlineOf(text: string | string[] | undefined): number | undefined {
	if (text === undefined) return undefined;
	const value = Number(text);
	if (Number.isInteger(value) && value > 0) return value;
	throw invalidArgument(TIMEOUT_HEADER, "must be a positive number of milliseconds.");
}

function toProblem({ logger, leaving }: CallParts, signal: AbortSignal, request: FastifyRequest) {
	return (failure: unknown) => {
		const context: Pick<CallContext, "logger" | "signal"> = { logger, signal };
		const error = leaving.aborted ? stopped() : toDomainError(failure, context as CallContext);
		return noteProblem(request, errorToProblem(error));
	};
}

/** The error of calls that the end of the gateway cuts off. */
export function stopped(): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "SERVER_STOPPED",
		message: "The gateway stopped before the call was done; ask again when it is back.",
		retryAfterMs: 1000,
	});
}
