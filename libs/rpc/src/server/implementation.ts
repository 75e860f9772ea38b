import type { RequestOf, ResponseOf, ServiceDefinition } from "../service-definition.js";
import type { CallContext } from "./call-context.js";

/** How a handler of each kind of method looks: promises for single messages, async iterables for streams. */
export type Handler<M> = M extends { requestStream: true; responseStream: true }
	? (requests: AsyncIterable<RequestOf<M>>, context: CallContext) => AsyncIterable<ResponseOf<M>>
	: M extends { requestStream: true }
		? (requests: AsyncIterable<RequestOf<M>>, context: CallContext) => Promise<ResponseOf<M>>
		: M extends { responseStream: true }
			? (request: RequestOf<M>, context: CallContext) => AsyncIterable<ResponseOf<M>>
			: (request: RequestOf<M>, context: CallContext) => Promise<ResponseOf<M>>;

/** One handler for each method of a service. */
export type Implementation<D> = { readonly [K in keyof D]: Handler<D[K]> };

/** A service with its handlers, ready for `createServer`. */
export interface ImplementedService {
	readonly definition: ServiceDefinition;
	readonly implementation: Readonly<Record<string, unknown>>;
	/** Methods that wait more than they compute, such as a watch; they take none of the places of those that compute. */
	readonly waiting?: readonly string[];
}

/**
 * Pairs a generated service definition with handlers; the compiler checks that none is missing or mistyped.
 *
 * @param options `waiting` names methods that wait more than they compute
 */
export function implement<D extends ServiceDefinition>(
	definition: D,
	implementation: Implementation<D>,
	options: { readonly waiting?: readonly (keyof D & string)[] } = {},
): ImplementedService {
	return { definition, implementation, waiting: options.waiting ?? [] };
}
