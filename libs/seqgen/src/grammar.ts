import { MACRO_LIMITS, type MacroSequence, type MacroStage } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import type { MacroTokenKind, Token, Vocabulary, VocabularyConfig } from "./vocabulary.js";

/** What has been written so far; named after what comes next. */
export type GrammarState = "first" | "channels" | "stride" | "repeats" | "boundary" | "end" | "done";

/** The grammar: from each state, which kinds of token may follow and where they lead. */
const GRAMMAR: { readonly [S in GrammarState]: { readonly [K in MacroTokenKind]?: GrammarState } } = {
	first: { cluster: "channels" },
	channels: { channels: "stride" },
	stride: { stride: "repeats" },
	repeats: { repeats: "boundary" },
	boundary: { cluster: "channels", final: "end" },
	end: { end: "done" },
	done: { pad: "done" },
};

/** A sequence in progress: closed stages, and the attributes of the stage that is being written. */
export interface PartialSequence {
	readonly state: GrammarState;
	readonly stages: readonly MacroStage[];
	/** Sum of the repeats of the closed stages. */
	readonly cells: number;
	readonly open: Partial<MacroStage>;
	readonly finalChannels?: number;
}

/** Nothing written yet. */
export const START: PartialSequence = { state: "first", stages: [], cells: 0, open: {} };

type Limits = Pick<VocabularyConfig, "maxStages">;
type MacroToken = Token & { readonly kind: MacroTokenKind };

/** Whether another stage fits: a free stage and at least one free cell. */
export function canOpenStage(
	limits: Limits,
	partial: { readonly stages: { readonly length: number }; readonly cells: number },
): boolean {
	return partial.stages.length < limits.maxStages && partial.cells < MACRO_LIMITS.maxCells;
}

/** Whether the grammar and the limits on stages and cells let this token follow. */
function mayFollow(limits: Limits, partial: PartialSequence, token: Token): token is MacroToken {
	const followers: { readonly [kind: string]: GrammarState | undefined } = GRAMMAR[partial.state];
	if (followers[token.kind] === undefined) return false;
	if (token.kind === "cluster") return canOpenStage(limits, partial);
	if (token.kind === "repeats") return partial.cells + token.value <= MACRO_LIMITS.maxCells;
	return true;
}

type Effect = (partial: PartialSequence, value: number) => Partial<PartialSequence>;

/** What each kind of token adds to the sequence. */
const EFFECTS: { readonly [K in MacroTokenKind]: Effect } = {
	cluster: (_, cluster) => ({ open: { cluster } }),
	channels: ({ open }, channels) => ({ open: { ...open, channels } }),
	stride: ({ open }, stride) => ({ open: { ...open, stride: stride === 1 ? 1 : 2 } }),
	repeats: ({ stages, cells, open }, repeats) => ({
		stages: [...stages, { ...open, repeats } as MacroStage],
		cells: cells + repeats,
		open: {},
	}),
	final: (_, finalChannels) => ({ finalChannels }),
	end: () => ({}),
	pad: () => ({}),
};

/** The sequence after one more token. @throws INVALID_ARGUMENT when the token may not follow */
export function advance(limits: Limits, partial: PartialSequence, token: Token): PartialSequence {
	if (!mayFollow(limits, partial, token)) {
		throw invalidArgument(
			"tokens",
			`${token.text} may not follow in state "${partial.state}"`,
			"MALFORMED_SEQUENCE",
		);
	}
	const state = GRAMMAR[partial.state][token.kind]!;
	return { ...partial, ...EFFECTS[token.kind](partial, token.value), state };
}

/** All tokens that may follow. Never empty: every state that can be reached has a way to the end. */
export function followers(vocabulary: Vocabulary, partial: PartialSequence): readonly Token[] {
	const kinds = Object.keys(GRAMMAR[partial.state]) as MacroTokenKind[];
	return kinds
		.flatMap((kind) => vocabulary.ofKind(kind))
		.filter((token) => mayFollow(vocabulary.config, partial, token));
}

/** The finished sequence. @throws INVALID_ARGUMENT when it has not come to its end */
export function toMacroSequence(partial: PartialSequence): MacroSequence {
	if (partial.state !== "done" || partial.finalChannels === undefined) {
		throw invalidArgument("tokens", `the sequence stops in state "${partial.state}"`, "MALFORMED_SEQUENCE");
	}
	return { stages: partial.stages, finalChannels: partial.finalChannels };
}
