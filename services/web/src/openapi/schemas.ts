import {
	type DescEnum,
	type DescField,
	type DescMessage,
	getExtension,
	ScalarType,
} from "@bufbuild/protobuf";
import { registry } from "../protocol.js";
import { commentOf, description } from "./comments.js";

/** A JSON Schema (2020-12), as OpenAPI 3.1 uses it. */
export type Schema = { readonly [keyword: string]: unknown };

const INT32 = { type: "integer", format: "int32" };
const UINT32 = { type: "integer", minimum: 0, maximum: 2 ** 32 - 1 };
// JSON numbers lose digits beyond 2^53, therefore replies carry text; requests may carry either.
const INT64 = { type: ["string", "integer"], pattern: "^-?[0-9]+$", format: "int64" };
const UINT64 = { type: ["string", "integer"], pattern: "^[0-9]+$", format: "uint64" };
const REAL = { oneOf: [{ type: "number" }, { enum: ["NaN", "Infinity", "-Infinity"] }] };

/** Schema of each scalar type in the JSON mapping of protocol buffers. */
const SCALARS: Readonly<Record<ScalarType, Schema>> = {
	[ScalarType.DOUBLE]: REAL,
	[ScalarType.FLOAT]: REAL,
	[ScalarType.INT32]: INT32,
	[ScalarType.SINT32]: INT32,
	[ScalarType.SFIXED32]: INT32,
	[ScalarType.UINT32]: UINT32,
	[ScalarType.FIXED32]: UINT32,
	[ScalarType.INT64]: INT64,
	[ScalarType.SINT64]: INT64,
	[ScalarType.SFIXED64]: INT64,
	[ScalarType.UINT64]: UINT64,
	[ScalarType.FIXED64]: UINT64,
	[ScalarType.BOOL]: { type: "boolean" },
	[ScalarType.STRING]: { type: "string" },
	[ScalarType.BYTES]: { type: "string", contentEncoding: "base64" },
};

/** Messages of Google's that have a JSON form of their own. */
const WELL_KNOWN: Readonly<Record<string, Schema>> = {
	"google.protobuf.Timestamp": { type: "string", format: "date-time" },
	"google.protobuf.Duration": { type: "string", pattern: "^-?[0-9]+(\\.[0-9]+)?s$" },
	"google.protobuf.Struct": { type: "object" },
	"google.protobuf.Value": {},
	"google.protobuf.ListValue": { type: "array" },
	"google.protobuf.Empty": { type: "object" },
	"google.protobuf.Any": {
		type: "object",
		properties: { "@type": { type: "string" } },
		required: ["@type"],
	},
};

/** Values of `google.api.FieldBehavior` that the protocol uses. */
const BEHAVIOR = { required: 2, outputOnly: 3 } as const;

/** Collects the component schemas of messages and enums as they are referred to. */
export class Schemas {
	readonly #components = new Map<string, Schema>();

	/** What was referred to, by full name, in alphabetical order. */
	get components(): Readonly<Record<string, Schema>> {
		return Object.fromEntries([...this.#components].sort(([a], [b]) => (a < b ? -1 : 1)));
	}

	/** A schema that refers to a message. */
	message(message: DescMessage): Schema {
		return (
			WELL_KNOWN[message.typeName] ?? this.#reference(message.typeName, () => this.#describeMessage(message))
		);
	}

	#reference(name: string, describe: () => Schema): Schema {
		if (!this.#components.has(name)) {
			// Known before it is described, because messages may contain themselves.
			this.#components.set(name, {});
			this.#components.set(name, describe());
		}
		return { $ref: `#/components/schemas/${name}` };
	}

	#describeMessage(message: DescMessage): Schema {
		const required = message.fields.filter((field) => behaves(field, BEHAVIOR.required));
		const choices = message.oneofs.map(({ fields }) => oneOf(fields.map(({ jsonName }) => jsonName)));
		return {
			type: "object",
			...description(message),
			properties: Object.fromEntries(message.fields.map((field) => [field.jsonName, this.#field(field)])),
			...(required.length > 0 ? { required: required.map(({ jsonName }) => jsonName) } : {}),
			...(choices.length > 0 ? { allOf: choices } : {}),
		};
	}

	#field(field: DescField): Schema {
		const schema = this.#valueOf(field);
		return {
			...schema,
			...description(field),
			...(behaves(field, BEHAVIOR.outputOnly) ? { readOnly: true } : {}),
		};
	}

	#valueOf(field: DescField): Schema {
		if (field.fieldKind === "list") return { type: "array", items: this.#item(field) };
		if (field.fieldKind === "map") return { type: "object", additionalProperties: this.#item(field) };
		return this.#item(field);
	}

	#item({ message, enum: enumeration, scalar }: DescField): Schema {
		if (message) return this.message(message);
		if (enumeration) return this.#reference(enumeration.typeName, () => describeEnum(enumeration));
		return SCALARS[scalar!];
	}
}

function describeEnum(enumeration: DescEnum): Schema {
	const values = enumeration.values.map((value) => `- \`${value.name}\`: ${commentOf(value)}`);
	return {
		type: "string",
		description: [commentOf(enumeration), "", ...values].join("\n"),
		enum: enumeration.values.map(({ name }) => name),
	};
}

/** At most one of the named properties. */
function oneOf(names: readonly string[]): Schema {
	const present = names.map((name) => ({ required: [name] }));
	return { oneOf: [...present, { not: { anyOf: present } }] };
}

function behaves(field: DescField, behavior: number): boolean {
	const extension = registry.getExtension("google.api.field_behavior")!;
	const { options } = field.proto;
	return options !== undefined && (getExtension(options, extension) as number[]).includes(behavior);
}
