import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AutoTokenizer } from "@huggingface/transformers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encode } from "./codec.js";
import { tokenizerFiles } from "./tokenizer-files.js";
import { Vocabulary } from "./vocabulary.js";

let folder: string;
beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), "seqgen-tokenizer-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("tokenizer files", () => {
	it("load in transformers.js and agree with the vocabulary on every token", async () => {
		const vocabulary = new Vocabulary();
		for (const [name, content] of Object.entries(tokenizerFiles(vocabulary))) {
			await writeFile(join(folder, name), JSON.stringify(content));
		}
		const tokenizer = await AutoTokenizer.from_pretrained(folder, { local_files_only: true });
		const text = vocabulary.tokens.map((token) => token.text).join(" ");
		expect(tokenizer.encode(text)).toEqual(vocabulary.tokens.map((token) => token.id));
		const stages = [{ cluster: 31, channels: 1024, stride: 2 as const, repeats: 4 }];
		const ids = encode(vocabulary, { classes: 1000 }, { stages, finalChannels: 512 });
		expect(tokenizer.encode(tokenizer.decode(ids, { skip_special_tokens: false }))).toEqual(ids);
		expect([tokenizer.pad_token_id, tokenizer.bos_token_id, tokenizer.eos_token_id]).toEqual([0, 1, 2]);
	});
});
