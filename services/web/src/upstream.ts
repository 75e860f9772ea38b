import {
	type CallOptions,
	type ClientConfig,
	createClient,
	readPem,
	type ServiceDefinition,
	waitForHealthy,
} from "@archgen/rpc";
import type { DescMethod } from "@bufbuild/protobuf";
import { gatewayServices, serviceDefinition, type Upstream } from "./protocol.js";
import type { WebSettings } from "./settings.js";

/** Time that a service has to say that it is there, in milliseconds. */
const HEALTH_MS = 1000;

type UnaryCall = (request: unknown, options: CallOptions) => Promise<unknown>;
type StreamCall = (request: unknown, options: CallOptions) => AsyncIterable<unknown>;

/** Clients of the services behind the gateway, by service name of the protocol. */
export class Upstreams {
	readonly #clients: ReadonlyMap<string, Record<string, unknown> & { close(): void }>;
	readonly #configs: ReadonlyMap<Upstream, ClientConfig>;

	constructor(settings: WebSettings["upstream"]) {
		const { token, authorityFile, ...addresses } = settings;
		const tls = authorityFile && { authority: readPem("upstream.authorityFile", authorityFile) };
		const names = Object.keys(addresses) as Upstream[];
		this.#configs = new Map(
			names.map((name) => [
				name,
				{ address: addresses[name], ...(token ? { token } : {}), ...(tls ? { tls } : {}) },
			]),
		);
		this.#clients = new Map(
			gatewayServices.map(({ service, upstream }) => {
				const definition: ServiceDefinition = serviceDefinition(service);
				return [service.typeName, createClient(definition, this.#configs.get(upstream)!)];
			}),
		);
	}

	/** Calls a method that answers with one message. */
	unary(method: DescMethod, request: unknown, options: CallOptions): Promise<unknown> {
		return (this.#callerOf(method) as UnaryCall)(request, options);
	}

	/** Calls a method that answers with a stream; `request` is an iterable when the method takes a stream. */
	stream(method: DescMethod, request: unknown, options: CallOptions): AsyncIterable<unknown> {
		return (this.#callerOf(method) as StreamCall)(request, options);
	}

	/** Whether each service says that it serves. */
	async health(): Promise<Record<Upstream, boolean>> {
		const states = [...this.#configs].map(async ([name, config]) => {
			const ok = waitForHealthy({ ...config, timeoutMs: HEALTH_MS }).then(
				() => true,
				() => false,
			);
			return [name, await ok] as const;
		});
		return Object.fromEntries(await Promise.all(states)) as Record<Upstream, boolean>;
	}

	close(): void {
		for (const client of this.#clients.values()) client.close();
	}

	#callerOf(method: DescMethod): unknown {
		return this.#clients.get(method.parent.typeName)![method.name];
	}
}
