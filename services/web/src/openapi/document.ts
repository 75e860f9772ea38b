import type { DescMethod, DescService } from "@bufbuild/protobuf";
import { gatewayServices, methodPath } from "../protocol.js";
import { description } from "./comments.js";
import { type Schema, Schemas } from "./schemas.js";

const TEXT = { type: "string" };

/** Schema of `Problem`. */
const PROBLEM: Schema = {
	type: "object",
	description: "Problem details (RFC 9457) with all that a gRPC status of archgen carries.",
	required: ["type", "title", "status", "detail", "reason"],
	properties: {
		type: { type: "string", description: "urn:archgen:error:REASON" },
		title: { type: "string", description: "Category, as gRPC names it." },
		status: { type: "integer" },
		detail: { type: "string", description: "One sentence for people." },
		reason: { type: "string", description: "Stable cause in UPPER_SNAKE_CASE." },
		metadata: { type: "object", additionalProperties: TEXT },
		errors: {
			type: "array",
			description: "Offending fields.",
			items: {
				type: "object",
				required: ["field", "pointer", "detail"],
				properties: { field: TEXT, pointer: TEXT, detail: TEXT },
			},
		},
		retryAfterMs: { type: "number", description: "Milliseconds after which a retry may succeed." },
	},
};

const PROBLEM_RESPONSE = {
	description: "The call failed.",
	content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
};

/** The gateway as an OpenAPI 3.1 document, made from the descriptors and comments of the proto files. */
export function openApiDocument(): Schema {
	const schemas = new Schemas();
	const paths = gatewayServices.flatMap(({ service }) =>
		service.methods.map((method) => [`/api${methodPath(method)}`, { post: operation(method, schemas) }]),
	);
	return {
		openapi: "3.1.0",
		info: {
			title: "archgen",
			version: "1",
			description:
				"Every method of archgen's gRPC services as JSON over HTTP, in the JSON mapping of protocol buffers. Streams are answered with server-sent events.",
		},
		tags: gatewayServices.map(({ service }) => ({ name: service.typeName, ...description(service) })),
		paths: Object.fromEntries(paths),
		components: {
			schemas: { ...schemas.components, Problem: PROBLEM },
			securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
		},
		security: [{}, { bearer: [] }],
	};
}

function operation(method: DescMethod, schemas: Schemas): Schema {
	return {
		operationId: operationId(method.parent, method),
		tags: [method.parent.typeName],
		...description(method),
		parameters: [
			{
				name: "x-timeout-ms",
				in: "header",
				description: "Deadline of the call in milliseconds; none unless given.",
				schema: { type: "integer", minimum: 1 },
			},
		],
		requestBody: { required: true, content: { "application/json": { schema: requestOf(method, schemas) } } },
		responses: { "200": responseOf(method, schemas), default: PROBLEM_RESPONSE },
	};
}

function operationId(service: DescService, method: DescMethod): string {
	return `${service.name}.${method.name}`;
}

function requestOf({ methodKind, input }: DescMethod, schemas: Schemas): Schema {
	const message = schemas.message(input);
	return methodKind === "bidi_streaming" || methodKind === "client_streaming"
		? { type: "array", items: message }
		: message;
}

function responseOf({ methodKind, output }: DescMethod, schemas: Schemas): Schema {
	const message = schemas.message(output);
	if (methodKind === "unary") {
		return { description: `${output.name}.`, content: { "application/json": { schema: message } } };
	}
	return {
		description: `An event \`message\` with the data ${output.name} for each message, then an event \`end\`, or \`error\` with problem details.`,
		content: {
			"text/event-stream": {
				schema: { type: "string", contentMediaType: "application/json", contentSchema: message },
			},
		},
	};
}
