import type { TextTokenizer } from "./text-tokenizer.js";
import type { Token, Vocabulary } from "./vocabulary.js";

const SPECIAL_TOKENS = { bos_token: "<bos>", eos_token: "<eos>", pad_token: "<pad>" } as const;

/** The tokenizer of a pretrained model with the tokens of ours that it does not have yet. */
interface ExtendedTokenizer {
	readonly tokenizer: TextTokenizer;
	readonly added: readonly Token[];
}

/** @param strip whether the spaces around a token belong to it: a text tokenizer has tokens for spaces */
function addedTokens(tokens: readonly Token[], strip: boolean): { id: number; content: string }[] {
	const flags = { single_word: false, lstrip: strip, rstrip: strip, normalized: false, special: true };
	return tokens.map((token) => ({ id: token.id, content: token.text, ...flags }));
}

/**
 * The tokenizer as Hugging Face files: a WordLevel model over words between spaces, without post-processing, so that
 * the text form of a sequence is its tokens' names joined by spaces. `<unk>` is not in the vocabulary: Hugging Face's
 * tokenizers then refuse an unknown word instead of guessing.
 *
 * @param extended the tokenizer of a pretrained model, which then keeps its tokens and gets ours as added ones
 * @returns file contents by name
 */
export function tokenizerFiles(
	vocabulary: Vocabulary,
	extended?: ExtendedTokenizer,
): Readonly<Record<string, unknown>> {
	return {
		"tokenizer.json": extended
			? {
					...extended.tokenizer,
					added_tokens: [...(extended.tokenizer.added_tokens ?? []), ...addedTokens(extended.added, true)],
				}
			: ownTokenizer(vocabulary),
		"tokenizer_config.json": {
			tokenizer_class: "PreTrainedTokenizerFast",
			model_max_length: vocabulary.maxLength,
			clean_up_tokenization_spaces: false,
			...SPECIAL_TOKENS,
		},
		"special_tokens_map.json": SPECIAL_TOKENS,
	};
}

function ownTokenizer(vocabulary: Vocabulary): Readonly<Record<string, unknown>> {
	const vocab = Object.fromEntries(vocabulary.tokens.map((token) => [token.text, token.id]));
	const special = vocabulary.tokens.filter((token) => token.text.startsWith("<"));
	return {
		version: "1.0",
		truncation: null,
		padding: null,
		added_tokens: addedTokens(special, false),
		normalizer: null,
		pre_tokenizer: { type: "WhitespaceSplit" },
		post_processor: null,
		decoder: null,
		model: { type: "WordLevel", vocab, unk_token: "<unk>" },
	};
}
