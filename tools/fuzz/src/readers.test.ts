import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { holds } from "./reader.js";
import { findReader, readerNames } from "./readers.js";

/** A document with one value somewhere in it replaced, removed or added. */
function mutated(document: unknown): fc.Arbitrary<unknown> {
	const paths = pathsOf(document);
	return fc
		.tuple(fc.constantFrom(...paths), fc.oneof(fc.jsonValue(), fc.constant(undefined)))
		.map(([path, value]) => {
			const copy = structuredClone(document);
			if (path.length === 0) return value;
			let node = copy as Record<string, unknown>;
			for (const key of path.slice(0, -1)) node = node[key] as Record<string, unknown>;
			node[path.at(-1)!] = value;
			return copy;
		});
}

function pathsOf(value: unknown, path: readonly string[] = []): string[][] {
	const children = typeof value === "object" && value !== null ? Object.entries(value) : [];
	return [[...path], ...children.flatMap(([key, child]) => pathsOf(child, [...path, key]))];
}

/** Bytes of a file with some changed, cut off or put in. */
function damaged(file: Uint8Array): fc.Arbitrary<Uint8Array> {
	const edit = fc.tuple(fc.nat(Math.max(0, file.length - 1)), fc.nat(255));
	return fc
		.tuple(fc.array(edit, { maxLength: 5 }), fc.nat(file.length), fc.uint8Array({ maxLength: 8 }))
		.map(([edits, length, tail]) => {
			const bytes = Buffer.from(file);
			for (const [at, value] of edits) if (at < bytes.length) bytes[at] = value;
			return Buffer.concat([
				edits.length > 3 ? bytes.subarray(0, length) : bytes,
				edits.length === 0 ? tail : Buffer.alloc(0),
			]);
		});
}

/** The document of an input; undefined for one that is none. */
function documentIn(bytes: Uint8Array): object | undefined {
	try {
		const document: unknown = JSON.parse(Buffer.from(bytes).toString());
		return typeof document === "object" && document !== null ? document : undefined;
	} catch {
		return undefined;
	}
}

/** Inputs like the examples, and others. */
function inputs(examples: readonly Uint8Array[]): fc.Arbitrary<Uint8Array> {
	const documents = examples.flatMap((example) => documentIn(example) ?? []).map(mutated);
	const jsons = documents.length > 0 ? [...documents, fc.jsonValue()] : [];
	const texts = jsons.map((json) => json.map((value) => Buffer.from(JSON.stringify(value) ?? "")));
	return fc.oneof(...texts, ...examples.map(damaged), fc.uint8Array({ maxLength: 200 }));
}

const NAMES = await readerNames();
/** Examples that are refused at the end, for want of weights that fit. */
const REFUSED =
	/^weights\/(gpt-neo-(weights|index)|predictor|predictor-network|score|denoiser)$|certificate$/;

describe.each(NAMES)("%s", (name) => {
	it("reads its examples", async () => {
		const { examples, read } = await findReader(name);
		expect(examples.length).toBeGreaterThan(0);
		for (const example of examples)
			await (REFUSED.test(name) ? holds(() => read(example)) : (async () => read(example))());
	});

	it("reads other inputs or says what is wrong with them", async () => {
		const { examples, read } = await findReader(name);
		await fc.assert(
			fc.asyncProperty(inputs(examples), (input) => holds(() => read(input))),
			{ numRuns: 100 },
		);
	});
});

/** JSON in which one value after the other is an array of arrays, 50,000 levels deep. */
function deepened(example: Uint8Array): Uint8Array[] {
	const document = documentIn(example);
	const deep = "[".repeat(50_000) + "]".repeat(50_000);
	return (document === undefined ? [] : pathsOf(document)).slice(0, 30).map((path) => {
		const copy = structuredClone({ document });
		const keys = ["document", ...path];
		let node: Record<string, unknown> = copy;
		for (const key of keys.slice(0, -1)) node = node[key] as Record<string, unknown>;
		node[keys.at(-1)!] = "DEEP";
		return Buffer.from(JSON.stringify(copy.document).replace('"DEEP"', deep));
	});
}

it.each(NAMES)("%s refuses documents that are nested without end", async (name) => {
	const { examples, read } = await findReader(name);
	for (const input of [Buffer.from("(".repeat(50_000)), ...examples.flatMap(deepened)])
		await holds(() => read(input));
});

/** Inputs that once gave another error, or none in time. */
const REGRESSIONS: readonly (readonly [name: string, input: string | Uint8Array, reason: string])[] = [
	["weights/score", "[]", "TRAINED_FILE_INVALID"],
	["weights/score", '{"shape":', "TRAINED_FILE_INVALID"],
	["weights/denoiser", "[]", "TRAINED_FILE_INVALID"],
	["weights/predictor", "{}\0", "TRAINED_FILE_INVALID"],
	["weights/predictor-network", Buffer.from([21]), "NETWORK_DAMAGED"],
	["searches/history-packed", Buffer.from([0x1f, 0x8b, 8, 0, 1]), "PACKED_FILE_INVALID"],
];

it.each(REGRESSIONS)("%s refuses %j with %s", async (name, input, reason) => {
	const { read } = await findReader(name);
	await expect((async () => read(Buffer.from(input)))()).rejects.toMatchObject({ reason });
});

it.each([
	["num_layers", 2 ** 53 - 1],
	["vocab_size", 2 ** 53 - 1],
	["attention_types", [[["global"], 2 ** 53 - 1]]],
])("a GPT-Neo whose %s is %j is refused at once", async (field, value) => {
	const { examples, read } = await findReader("weights/gpt-neo-config");
	const config = { ...JSON.parse(Buffer.from(examples[0]!).toString()), [field]: value };
	await holds(() => read(Buffer.from(JSON.stringify(config))));
});

it.each([
	["predictor", "layers", 1e9],
	["predictor", "hidden", 1e9],
	["predictor", "hidden", 9],
	["predictor", "hidden", 2],
	["score", "hidden", 9],
])("the description of a %s whose %s is %d is refused at once", async (network, field, value) => {
	const { examples, read } = await findReader(`weights/${network}`);
	const description = JSON.parse(Buffer.from(examples[0]!).toString());
	description.size[field] = value;
	await expect((async () => read(Buffer.from(JSON.stringify(description))))()).rejects.toMatchObject({
		reason: "TRAINED_FILE_INVALID",
	});
});
