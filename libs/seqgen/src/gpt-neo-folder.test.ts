import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SIZES, textConfig, WORDS, writeFolder } from "../test/text-model.js";
import { readGptNeoConfig } from "./gpt-neo-folder.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "seqgen-config-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function read(config: string | Buffer) {
	await writeFolder(folder, { "config.json": config });
	return readGptNeoConfig(folder);
}

const expected = { ...SIZES, vocabularySize: WORDS.length };

describe("config.json of a GPT-Neo", () => {
	it("is read with all fields, with a byte order mark, and with sizes alone", async () => {
		expect(await read(textConfig())).toEqual(expected);
		expect(await read(`\ufeff${textConfig()}`)).toEqual(expected);
		const attention = { attention_layers: undefined, attention_types: undefined };
		expect(await read(textConfig({ ...attention, activation_function: undefined }))).toEqual(expected);
		expect(await read(textConfig({ intermediate_size: 24 }))).toEqual({ ...expected, intermediate: 24 });
	});

	it.each<[string, unknown]>([
		["model_type", "opt"],
		["activation_function", "relu"],
		["activation_function", "gelu"],
		["attention_layers", ["global", "global"]],
		["attention_layers", ["local", "global"]],
		["attention_types", [[["global"], 2]]],
		["attention_types", [[["global", "local"], 2]]],
		["attention_types", "global"],
		["layer_norm_epsilon", 1e-3],
		["tie_word_embeddings", false],
		["attention_dropout", 0.1],
		["resid_dropout", 0.1],
		["quantization_config", { bits: 4 }],
		["vocab_size", "4"],
		["hidden_size", 0],
		["num_layers", 2.5],
		["intermediate_size", -1],
		["window_size", null],
	])("is refused with %s %j, by the name of the field", async (field, value) => {
		await expect(read(textConfig({ [field]: value }))).rejects.toMatchObject({
			category: "FAILED_PRECONDITION",
			reason: "SEQUENCE_MODEL_UNSUPPORTED",
			violations: [expect.objectContaining({ field: `config.json ${field}` })],
		});
	});

	it("is sizes or an error of the domain, whatever is in the file", async () => {
		const fields = Object.keys(JSON.parse(textConfig()) as object);
		const changed = fc
			.tuple(fc.constantFrom(...fields), fc.jsonValue())
			.map(([field, value]) => textConfig({ [field]: value }));
		await fc.assert(
			fc.asyncProperty(
				fc.oneof(
					changed,
					fc.json(),
					fc.uint8Array().map((bytes) => Buffer.from(bytes)),
				),
				async (config) => {
					const result = await read(config).catch((error: unknown) => error);
					if (result instanceof Error) expect(result).toBeInstanceOf(ArchgenError);
				},
			),
			{ numRuns: 200 },
		);
	});
});
