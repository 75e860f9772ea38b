import { createRandom, type Random } from "@archgen/random";
import { descriptorSet } from "@archgen/rpc";
import {
	create,
	createFileRegistry,
	type DescField,
	type DescMessage,
	fromBinary,
	type Message,
	ScalarType,
	toBinary,
} from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

/** A request to send: messages for a method, and how they were made. */
export interface FuzzRequest {
	/** Path of the method. */
	readonly method: string;
	/** Number of the request: with the seed of the run it gives the same bytes again. */
	readonly number: number;
	readonly kind: "random" | "mutated" | "garbage";
	/** One message, or for a method that takes a stream up to eight. */
	readonly messages: readonly Buffer[];
	readonly requestStream: boolean;
	readonly responseStream: boolean;
	/** Whether the caller of a stream goes away after its last message instead of ending it. */
	readonly leaves: boolean;
}

const REGISTRY = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptorSet()));
const DEEPEST = 5;

/** Every method of the named service, from the compiled protocol. */
export function methodsOf(service: string) {
	const found = REGISTRY.getService(service);
	if (found === undefined) throw new Error(`The protocol has no service ${service}.`);
	return found.methods.map(({ name, input, methodKind }) => ({
		path: `/${service}/${name}`,
		input,
		requestStream: methodKind === "client_streaming" || methodKind === "bidi_streaming",
		responseStream: methodKind === "server_streaming" || methodKind === "bidi_streaming",
	}));
}

type Method = ReturnType<typeof methodsOf>[number];

const LONGEST_STREAM = 8;

/**
 * A request made of a seed and a number: random fields, random fields of which one byte is changed, or no message at all. In a stream the last
 * message is of that kind, those before it have random fields.
 */
export function requestOf(seed: number, number: number, methods: readonly Method[]): FuzzRequest {
	const random = createRandom(seed).fork(number);
	const { path, input, requestStream, responseStream } = random.pick(methods);
	const kind = random.pick(["random", "random", "random", "mutated", "garbage"] as const);
	const whole =
		kind === "garbage" ? garbage(random) : Buffer.from(toBinary(input, messageOf(input, random, 0)));
	const last = kind === "mutated" ? mutated(whole, random) : whole;
	const before = requestStream ? random.integer(LONGEST_STREAM) : 0;
	const others = Array.from({ length: before }, () =>
		Buffer.from(toBinary(input, messageOf(input, random, 0))),
	);
	const leaves = requestStream && random.integer(4) === 0;
	return { method: path, number, kind, messages: [...others, last], requestStream, responseStream, leaves };
}

function garbage(random: Random): Buffer {
	return Buffer.from(Array.from({ length: random.integer(200) }, () => random.integer(256)));
}

function mutated(bytes: Buffer, random: Random): Buffer {
	const copy = Buffer.from(bytes);
	if (copy.length > 0) copy[random.integer(copy.length)] = random.integer(256);
	return copy.subarray(0, copy.length - (random.integer(4) === 0 ? random.integer(copy.length + 1) : 0));
}

function messageOf(type: DescMessage, random: Random, depth: number): Message {
	const init: Record<string, unknown> = {};
	for (const field of type.fields) {
		if (random.integer(4) === 0) continue;
		const value = fieldOf(field, random, depth);
		if (value === undefined) continue;
		if (field.oneof) init[field.oneof.localName] = { case: field.localName, value };
		else init[field.localName] = value;
	}
	return create(type, init as never);
}

function fieldOf(field: DescField, random: Random, depth: number): unknown {
	switch (field.fieldKind) {
		case "scalar":
			return scalarOf(field.scalar, random);
		case "enum":
			return random.pick([0, 1, 2, 3, 7, 99]);
		case "message":
			return depth < DEEPEST ? messageOf(field.message, random, depth + 1) : undefined;
		case "list": {
			const item = () => {
				if (field.listKind === "scalar") return scalarOf(field.scalar, random);
				return field.listKind === "enum" ? random.integer(8) : messageOf(field.message, random, depth + 1);
			};
			return depth < DEEPEST ? Array.from({ length: random.integer(4) }, item) : [];
		}
		default:
			return undefined;
	}
}

const TEXTS = [
	"",
	"default",
	"1",
	"tcet",
	"evolutionJobs/none",
	"models/default/versions/9",
	"a\0b",
	"../../etc/passwd",
	"x".repeat(2000),
	"ü\u{1f642}",
];
const WHOLE = [0, 1, 2, 7, 16, 32, 64, 10, 1000, 2 ** 31 - 1];
const LONG = [0n, 1n, 1000n, 10n ** 9n, 2n ** 53n, 2n ** 63n - 1n];

/** A value of each scalar type, often at the edge of what it holds. */
function scalarOf(type: ScalarType, random: Random): unknown {
	switch (type) {
		case ScalarType.STRING:
			return random.pick(TEXTS);
		case ScalarType.BYTES:
			return new Uint8Array(random.integer(20));
		case ScalarType.BOOL:
			return random.integer(2) === 1;
		case ScalarType.DOUBLE:
		case ScalarType.FLOAT:
			return random.pick([0, -1, 0.5, 1, 1e30, Number.NaN, Number.POSITIVE_INFINITY]);
		case ScalarType.UINT64:
		case ScalarType.FIXED64:
			return random.pick([...LONG, 2n ** 64n - 1n]);
		case ScalarType.INT64:
		case ScalarType.SINT64:
		case ScalarType.SFIXED64:
			return random.pick([...LONG, -1n, -(2n ** 63n)]);
		case ScalarType.INT32:
		case ScalarType.SINT32:
		case ScalarType.SFIXED32:
			return random.pick([...WHOLE, -1]);
		default:
			return random.pick([...WHOLE, 2 ** 32 - 1]);
	}
}
