import { ServerInterceptingCall, type ServerInterceptor, ServerListenerBuilder } from "@grpc/grpc-js";

/**
 * Keeps calls that are cancelled before their request is complete from reaching a handler. grpc-js itself delivers such a
 * request after the cancellation and never tells the handler of it; a listener of an interceptor drops events that come late.
 */
export const dropCancelled: ServerInterceptor = (_method, call) => {
	const listener = new ServerListenerBuilder().build();
	return new ServerInterceptingCall(call, { start: (next) => next(listener) });
};
