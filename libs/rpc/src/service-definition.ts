/**
 * One method of a generated service. Written with method signatures, which TypeScript compares bivariantly, so that
 * `MethodDefinition<unknown, unknown>` stands for any method without the type `any`.
 */
export interface MethodDefinition<Request, Response> {
	readonly path: string;
	readonly requestStream: boolean;
	readonly responseStream: boolean;
	requestSerialize(value: Request): Buffer;
	requestDeserialize(bytes: Buffer): Request;
	responseSerialize(value: Response): Buffer;
	responseDeserialize(bytes: Buffer): Response;
}

/** A service as ts-proto generates it (`XServiceService`): its methods by lower-camel-case name. */
export type ServiceDefinition = Readonly<Record<string, MethodDefinition<unknown, unknown>>>;

/** Message that a caller of the method sends. */
export type RequestOf<M> = M extends { requestDeserialize(bytes: Buffer): infer Request } ? Request : never;

/** Message that the method answers with. */
export type ResponseOf<M> = M extends { responseDeserialize(bytes: Buffer): infer Response }
	? Response
	: never;

/** Full name of a service, e.g. `archgen.gvae.v1.GvaeService`. */
export function serviceName(definition: ServiceDefinition): string {
	const method = Object.values(definition)[0];
	if (!method) {
		throw new TypeError("A service definition needs at least one method.");
	}
	return method.path.split("/")[1]!;
}
