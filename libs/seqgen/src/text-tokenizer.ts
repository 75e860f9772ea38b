import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseJson } from "@archgen/files";
import { z } from "zod";
import { unsupported } from "./gpt-neo-folder.js";

const FILE = "tokenizer.json";
const id = z.int().nonnegative();
const tokenSchema = z.looseObject({ id, content: z.string() });
const byToken = z.record(z.string(), id);
/** Unigram models list their tokens with scores; the place is the id. */
const byPlace = z.array(z.tuple([z.string(), z.number()]));
const tokenizerSchema = z.looseObject({
	added_tokens: z.array(tokenSchema).optional(),
	model: z.looseObject({ vocab: z.union([byToken, byPlace]) }),
});

/** The tokenizer of a pretrained model; what is not named here is kept as it is. */
export type TextTokenizer = z.infer<typeof tokenizerSchema>;

/**
 * `tokenizer.json` of a folder, with a token for every id below the size of the model's table, so that tokens added behind them get the ids that the
 * model has for them. Ids that a padded table leaves without a token get `<unused_ID>`.
 *
 * @param size rows of the model's token table
 * @throws ArchgenError FAILED_PRECONDITION `SEQUENCE_MODEL_UNSUPPORTED` without `tokenizer.json`, with ids that are no dense sequence or beyond the table
 */
export async function readTextTokenizer(folder: string, size: number): Promise<TextTokenizer> {
	const bytes = await readFile(join(folder, FILE)).catch(async () => {
		throw unsupported(folder, FILE, await whyMissing(folder));
	});
	const tokenizer = parseTokenizer(folder, bytes);
	const tokens = tokensOf(folder, tokenizer);
	if (tokens.length > size) {
		const description = `gives "${tokens[size]}" the id ${size}, config.json has a vocab_size of ${size}`;
		throw unsupported(folder, FILE, description);
	}
	const fillers = Array.from({ length: size - tokens.length }, (_, i) => filler(tokens.length + i));
	return { ...tokenizer, added_tokens: [...(tokenizer.added_tokens ?? []), ...fillers] };
}

function parseTokenizer(folder: string, bytes: Uint8Array): TextTokenizer {
	try {
		return tokenizerSchema.parse(parseJson(bytes));
	} catch {
		throw unsupported(folder, FILE, "is damaged or no tokenizer of Hugging Face's tokenizers library");
	}
}

async function whyMissing(folder: string): Promise<string> {
	const isOld = await stat(join(folder, "vocab.json")).then(
		() => true,
		() => false,
	);
	const advice =
		"AutoTokenizer.from_pretrained(folder).save_pretrained(folder) of Python's transformers writes it";
	return isOld
		? `is missing: there is no tokenizer to extend; from vocab.json and merges.txt ${advice}`
		: `is missing: there is no tokenizer to extend; ${advice}`;
}

/**
 * Every token at the place of its id. Added tokens get the next free id when they are loaded, whatever the file says, so the ids must be 0, 1, 2, …
 * in the order of the file.
 */
function tokensOf(folder: string, { model, added_tokens: added = [] }: TextTokenizer): string[] {
	const own: [string, number][] = Array.isArray(model.vocab)
		? model.vocab.map(([token], place) => [token, place])
		: Object.entries(model.vocab).sort(([, a], [, b]) => a - b);
	const known = new Map(own);
	const behind = added.filter(({ content }) => !known.has(content));
	const all = [...own, ...behind.map(({ content, id: place }): [string, number] => [content, place])];
	all.forEach(([token, place], i) => {
		if (place === i) return;
		throw unsupported(folder, FILE, `cannot be extended: "${token}" has the id ${place} where ${i} is next`);
	});
	const moved = added.find(({ content, id: place }) => (known.get(content) ?? place) !== place);
	if (moved !== undefined)
		throw unsupported(folder, FILE, `cannot be extended: "${moved.content}" has two ids`);
	return all.map(([token]) => token);
}

/** The tokens of a tokenizer that are to be added and that it does not have. @throws as {@link readTextTokenizer} for one under another id */
export function missingTokens<T extends { readonly id: number; readonly text: string }>(
	folder: string,
	tokenizer: TextTokenizer,
	tokens: readonly T[],
): T[] {
	const ids = new Map(tokensOf(folder, tokenizer).map((token, place) => [token, place]));
	const taken = tokens.find(({ id: place, text }) => (ids.get(text) ?? place) !== place);
	if (taken !== undefined)
		throw unsupported(folder, FILE, `has a token "${taken.text}" of its own; rename it there`);
	return tokens.filter(({ text }) => !ids.has(text));
}

function filler(place: number) {
	const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
	return { id: place, content: `<unused_${place}>`, ...flags };
}
