import type { Vocabulary } from "./vocabulary.js";

const SPECIAL_TOKENS = { bos_token: "<bos>", eos_token: "<eos>", pad_token: "<pad>" } as const;

function addedTokens(vocabulary: Vocabulary): { id: number; content: string }[] {
	const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false, special: true };
	return vocabulary.tokens
		.filter((token) => token.text.startsWith("<"))
		.map((token) => ({ id: token.id, content: token.text, ...flags }));
}

/**
 * The tokenizer as Hugging Face files: a WordLevel model over words between spaces, without post-processing, so that
 * the text form of a sequence is its tokens' names joined by spaces. `<unk>` is not in the vocabulary: Hugging Face's
 * tokenizers then refuse an unknown word instead of guessing.
 *
 * @returns file contents by name
 */
export function tokenizerFiles(vocabulary: Vocabulary): Readonly<Record<string, unknown>> {
	const vocab = Object.fromEntries(vocabulary.tokens.map((token) => [token.text, token.id]));
	return {
		"tokenizer.json": {
			version: "1.0",
			truncation: null,
			padding: null,
			added_tokens: addedTokens(vocabulary),
			normalizer: null,
			pre_tokenizer: { type: "WhitespaceSplit" },
			post_processor: null,
			decoder: null,
			model: { type: "WordLevel", vocab, unk_token: "<unk>" },
		},
		"tokenizer_config.json": {
			tokenizer_class: "PreTrainedTokenizerFast",
			model_max_length: vocabulary.maxLength,
			clean_up_tokenization_spaces: false,
			...SPECIAL_TOKENS,
		},
		"special_tokens_map.json": SPECIAL_TOKENS,
	};
}
