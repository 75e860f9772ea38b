import { descriptorSet, type MethodDefinition, type ServiceDefinition } from "@archgen/rpc";
import {
	createFileRegistry,
	type DescMethod,
	type DescService,
	fromBinary,
	type Message,
	toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { WebSettings } from "./settings.js";

/** Name of a service that the gateway calls. */
export type Upstream = Exclude<keyof WebSettings["upstream"], "token" | "authorityFile">;

/** Which service answers the calls of each protocol package. */
const UPSTREAM_OF_PACKAGE: Readonly<Record<string, Upstream>> = {
	"archgen.orchestrator.v1": "orchestrator",
	"google.longrunning": "orchestrator",
	"archgen.zcproxy.v1": "zcProxy",
	"archgen.gvae.v1": "gvae",
	"archgen.ccnf.v1": "ccnf",
	"archgen.seqgen.v1": "seqgen",
};

/** All messages and services of the protocol, with the comments of the proto files. */
export const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));

/** A service of the protocol and who answers it. */
export interface GatewayService {
	readonly service: DescService;
	readonly upstream: Upstream;
}

/** The services that the gateway offers, in the order of the proto files. */
export const gatewayServices: readonly GatewayService[] = [...registry.files].flatMap((file) => {
	const upstream = UPSTREAM_OF_PACKAGE[file.proto.package];
	return upstream === undefined ? [] : file.services.map((service) => ({ service, upstream }));
});

/** Path below `/api` at which a method is called. */
export function methodPath(method: DescMethod): string {
	return `/${method.parent.typeName}/${method.name}`;
}

/** The definition by which the client kit calls a service; messages are those of `@bufbuild/protobuf`. */
export function serviceDefinition(service: DescService): ServiceDefinition {
	return Object.fromEntries(service.methods.map((method) => [method.name, methodDefinition(method)]));
}

function methodDefinition(method: DescMethod): MethodDefinition<unknown, unknown> {
	const { input, output, methodKind } = method;
	return {
		path: methodPath(method),
		requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
		responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
		requestSerialize: (value) => Buffer.from(toBinary(input, value as Message)),
		requestDeserialize: (bytes) => fromBinary(input, bytes),
		responseSerialize: (value) => Buffer.from(toBinary(output, value as Message)),
		responseDeserialize: (bytes) => fromBinary(output, bytes),
	};
}

/** Paths that need a token; liveness and the page, which asks for the token itself, need none. */
export const API_PREFIX = "/api/";
