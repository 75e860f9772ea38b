import { type ConditionField, MACRO_LIMITS } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { CONDITION_FIELDS, type ConditionScales, DEFAULT_SCALES } from "./condition.js";

/** Everything that fixes which token has which id; stored with the model. */
export interface VocabularyConfig {
	/** Clusters of the mixture the model speaks about. Default 32. */
	readonly clusters: number;
	/** Longest sequence in stages. Default 12. */
	readonly maxStages: number;
	readonly scales: ConditionScales;
	/** Id of the first token, 0 unless given: below it are the tokens of a pretrained model whose vocabulary is extended. */
	readonly firstId?: number;
}

/** Defaults of {@link VocabularyConfig}. */
export const DEFAULT_VOCABULARY: VocabularyConfig = { clusters: 32, maxStages: 12, scales: DEFAULT_SCALES };

/** Kinds of tokens of the macro part, and the padding that follows the end. */
export type MacroTokenKind = "cluster" | "channels" | "stride" | "repeats" | "final" | "end" | "pad";

export type TokenKind = MacroTokenKind | "begin" | "any" | ConditionField;

/** A token with its meaning: `channels_64` has kind `channels` and value 64. */
export interface Token {
	readonly id: number;
	readonly text: string;
	readonly kind: TokenKind;
	/** The number that the token stands for (bins for condition fields); 0 for special tokens. */
	readonly value: number;
}

const SPECIAL = [
	["pad", "<pad>"],
	["begin", "<bos>"],
	["end", "<eos>"],
	["any", "<any>"],
] as const satisfies readonly (readonly [TokenKind, string])[];

const CONDITION_PREFIX: { readonly [F in ConditionField]: string } = {
	classes: "classes",
	inputSize: "input_size",
	parameterCount: "parameter_count",
	flopCount: "flop_count",
	naswot: "naswot",
	snipSsnr: "snip_ssnr",
	depth: "depth",
	peakActivationBytesInt8: "peak_activation_bytes_int8",
};

function range(count: number, first: number, step: number): number[] {
	return Array.from({ length: count }, (_, index) => first + index * step);
}

function fieldsOf({ scales }: VocabularyConfig): readonly ConditionField[] {
	return CONDITION_FIELDS.filter((field) => scales[field] !== undefined);
}

function families(config: VocabularyConfig): readonly [kind: TokenKind, prefix: string, values: number[]][] {
	const { channelStep: step, maxChannels, maxRepeats } = MACRO_LIMITS;
	const channels = range(maxChannels / step, step, step);
	return [
		...fieldsOf(config).map((field): [TokenKind, string, number[]] => [
			field,
			CONDITION_PREFIX[field],
			range(config.scales[field]!.bins, 0, 1),
		]),
		["cluster", "cluster", range(config.clusters, 0, 1)],
		["channels", "channels", channels],
		["stride", "stride", [1, 2]],
		["repeats", "repeats", range(maxRepeats, 1, 1)],
		["final", "final", channels],
	];
}

function listTokens(config: VocabularyConfig): readonly Omit<Token, "id">[] {
	return [
		...SPECIAL.map(([kind, text]) => ({ kind, text, value: 0 })),
		...families(config).flatMap(([kind, prefix, values]) =>
			values.map((value) => ({ kind, text: `${prefix}_${value}`, value })),
		),
	];
}

/** The tokens of a configuration: ids are dense, start at `firstId` (`<pad>`), and depend on the configuration alone. */
export class Vocabulary {
	readonly tokens: readonly Token[];
	/** The fields of a condition that it has tokens for, in the order of the prompt. */
	readonly fields: readonly ConditionField[];
	readonly #byMeaning: ReadonlyMap<string, Token>;
	readonly #byKind: ReadonlyMap<TokenKind, readonly Token[]>;

	constructor(readonly config: VocabularyConfig = DEFAULT_VOCABULARY) {
		if (!Number.isInteger(config.clusters) || config.clusters < 1) {
			throw invalidArgument("clusters", "must be a positive integer");
		}
		if (
			!Number.isInteger(config.maxStages) ||
			config.maxStages < 1 ||
			config.maxStages > MACRO_LIMITS.maxCells
		) {
			throw invalidArgument("maxStages", "must be an integer from 1 to 20");
		}
		const { firstId = 0 } = config;
		if (!Number.isInteger(firstId) || firstId < 0) {
			throw invalidArgument("firstId", "must be a whole number from 0");
		}
		this.fields = fieldsOf(config);
		this.tokens = listTokens(config).map((token, index) => ({ ...token, id: firstId + index }));
		this.#byMeaning = new Map(this.tokens.map((token) => [`${token.kind} ${token.value}`, token]));
		const kinds = new Set(this.tokens.map((token) => token.kind));
		this.#byKind = new Map(
			[...kinds].map((kind) => [kind, this.tokens.filter((token) => token.kind === kind)]),
		);
	}

	/** Rows of the token table, those of an extended vocabulary included. */
	get size(): number {
		return (this.config.firstId ?? 0) + this.tokens.length;
	}

	/** `<bos>` and one token for each condition field. */
	get promptLength(): number {
		return 1 + this.fields.length;
	}

	/** Tokens that the longest prompt and sequence take, `<eos>` included. */
	get maxLength(): number {
		return this.promptLength + 4 * this.config.maxStages + 2;
	}

	/** The token with this meaning. @throws INVALID_ARGUMENT when there is none */
	find(kind: TokenKind, value = 0): Token {
		const token = this.#byMeaning.get(`${kind} ${value}`);
		if (token === undefined) throw invalidArgument(kind, `${value} has no token in this vocabulary`);
		return token;
	}

	/** The token with this id. @throws INVALID_ARGUMENT when there is none */
	at(id: number): Token {
		const token = this.tokens[id - (this.config.firstId ?? 0)];
		if (token === undefined) throw invalidArgument("token", `${id} is not an id of this vocabulary`);
		return token;
	}

	/** All tokens of a kind, by rising value. */
	ofKind(kind: TokenKind): readonly Token[] {
		return this.#byKind.get(kind) ?? [];
	}
}
