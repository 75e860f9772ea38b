import { invalidArgument } from "@archgen/errors";

/** Size of a GPT-Neo. Everything else about the architecture is fixed. */
export interface GptNeoConfig {
	readonly vocabularySize: number;
	/** Longest sequence in tokens. */
	readonly maxPositions: number;
	/** Width of the residual stream. */
	readonly hidden: number;
	/** Width of the feed-forward layers, four times `hidden` unless given. */
	readonly intermediate?: number;
	/** Layers 0, 2, … attend to everything before, layers 1, 3, … to the last `window` tokens. */
	readonly layers: number;
	readonly heads: number;
	readonly window: number;
}

/** The shipped size: with the default vocabulary 1.9 M parameters, 8 MB as float32. */
export const DEFAULT_GPT_NEO: Omit<GptNeoConfig, "vocabularySize"> = {
	maxPositions: 128,
	hidden: 192,
	layers: 4,
	heads: 6,
	window: 256,
};

/** Which attention a layer has. */
export type AttentionKind = "global" | "local";

export function attentionKind(layer: number): AttentionKind {
	return layer % 2 === 0 ? "global" : "local";
}

/** Far beyond every published GPT-Neo (2.7 B: 50257 tokens, 2560 wide, 32 layers): a file of a few bytes must not ask for all memory. */
const LARGEST: { readonly [F in keyof GptNeoConfig]-?: number } = {
	vocabularySize: 2 ** 20,
	maxPositions: 2 ** 17,
	hidden: 2 ** 16,
	intermediate: 2 ** 18,
	layers: 1024,
	heads: 2 ** 16,
	window: 2 ** 20,
};

/** @throws INVALID_ARGUMENT for sizes that no GPT-Neo can have */
export function assertGptNeoConfig(config: GptNeoConfig): void {
	for (const [field, value] of Object.entries(config)) {
		const most = LARGEST[field as keyof GptNeoConfig];
		if (!Number.isInteger(value) || value < 1 || value > most)
			throw invalidArgument(field, `must be a whole number from 1 to ${most}`);
	}
	if (config.hidden % config.heads !== 0) throw invalidArgument("hidden", "must be a multiple of heads");
}
