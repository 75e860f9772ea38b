import { Client, Metadata } from "@grpc/grpc-js";
import type { MethodDefinition, RequestOf, ResponseOf, ServiceDefinition } from "../service-definition.js";
import { callStream, callUnary, type PreparedCall } from "./calls.js";
import { type ChannelConfig, channelCredentials, channelOptions, channelTarget } from "./channel.js";
import { repeatableMethods } from "./repeatable.js";

/** Where a client calls and what holds for all its calls. */
export interface ClientConfig extends ChannelConfig {
	/** Bearer token to send with every call. */
	readonly token?: string;
	/** Deadline of calls that name none, in milliseconds; none unless given. */
	readonly deadlineMs?: number;
}

/** Settings of one call. */
export interface CallOptions {
	/** Time after which the call fails with DEADLINE_EXCEEDED, in milliseconds; the client's default unless given. */
	readonly deadlineMs?: number;
	/** Cancels the call. */
	readonly signal?: AbortSignal;
	/** Metadata to send beside the bearer token. */
	readonly metadata?: Readonly<Record<string, string>>;
}

/** How a method is called: promises for single messages, async iterables for streams. */
export type Caller<M> = M extends { requestStream: true; responseStream: true }
	? (
			requests: AsyncIterable<RequestOf<M>> | Iterable<RequestOf<M>>,
			options?: CallOptions,
		) => AsyncIterable<ResponseOf<M>>
	: M extends { requestStream: true }
		? never
		: M extends { responseStream: true }
			? (request: RequestOf<M>, options?: CallOptions) => AsyncIterable<ResponseOf<M>>
			: (request: RequestOf<M>, options?: CallOptions) => Promise<ResponseOf<M>>;

/** A client of one service. Calls fail with ArchgenError only. */
export type RpcClient<D> = { readonly [K in keyof D]: Caller<D[K]> } & {
	/** Closes the channel; calls in progress finish. */
	close(): void;
};

/** Creates a client from a generated service definition. It connects when it is first used. */
export function createClient<D extends ServiceDefinition>(definition: D, config: ClientConfig): RpcClient<D> {
	const client = new Client(
		channelTarget(config.address),
		channelCredentials(config),
		channelOptions(config, repeatableMethods(definition)),
	);
	const callers: Record<string, unknown> = { close: () => client.close() };
	for (const [name, method] of Object.entries(definition)) {
		callers[name] = caller(method, (options) => prepare(client, method, config, options));
	}
	return callers as RpcClient<D>;
}

function caller(
	method: MethodDefinition<unknown, unknown>,
	prepareCall: (options?: CallOptions) => PreparedCall,
): unknown {
	if (!method.responseStream) {
		return (request: unknown, options?: CallOptions) => callUnary(prepareCall(options), request);
	}
	if (!method.requestStream) {
		return (request: unknown, options?: CallOptions) => callStream(prepareCall(options), [request]);
	}
	return (requests: AsyncIterable<unknown>, options?: CallOptions) =>
		callStream(prepareCall(options), requests);
}

function prepare(
	client: Client,
	method: MethodDefinition<unknown, unknown>,
	config: ClientConfig,
	options: CallOptions = {},
): PreparedCall {
	const metadata = new Metadata();
	if (config.token !== undefined) {
		metadata.set("authorization", `Bearer ${config.token}`);
	}
	for (const [key, value] of Object.entries(options.metadata ?? {})) {
		metadata.set(key, value);
	}
	const deadlineMs = options.deadlineMs ?? config.deadlineMs;
	const deadline = deadlineMs === undefined ? undefined : Date.now() + deadlineMs;
	return { client, method, metadata, deadline, signal: options.signal };
}
