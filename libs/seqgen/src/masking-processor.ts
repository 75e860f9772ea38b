import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { LogitsProcessor, type Tensor } from "@huggingface/transformers";
import { advance, type PartialSequence, START } from "./grammar.js";
import type { SequenceMask } from "./sequence-mask.js";

/** How tokens are chosen among the allowed ones. */
export interface SamplingOptions {
	/** The logits are divided by it before drawing. */
	readonly temperature: number;
	/** Source of the draws. */
	readonly random: Random;
}

/** A row of a batch: what it may hold, and how its tokens are chosen; greedily without `sampling`. */
export interface DecodedRow {
	readonly mask: SequenceMask;
	readonly sampling?: SamplingOptions;
}

/** −ln(−ln u), standard Gumbel noise. */
function gumbel(random: Random): number {
	return -Math.log(-Math.log(random.uniform() || Number.MIN_VALUE));
}

/**
 * Lets a batch generate well-formed sequences only: follows each row through the grammar and sets every forbidden logit
 * to −∞. Sampling is exact by the Gumbel-max trick: argmax(logit / T + Gumbel noise) is distributed as softmax(logit / T),
 * so the caller decodes greedily and the draws come from our seed instead of `Math.random`.
 */
export class MaskingProcessor extends LogitsProcessor {
	readonly #partials: PartialSequence[];
	#consumed: number;

	/** @param promptLength tokens of every row before its sequence begins */
	constructor(
		readonly rows: readonly DecodedRow[],
		promptLength: number,
		readonly signal: AbortSignal,
	) {
		super();
		this.#partials = rows.map(() => START);
		this.#consumed = promptLength;
	}

	/** Called by transformers with all ids so far and the logits [batch, vocabulary] of the next token, changed in place. */
	override _call(inputIds: bigint[][], logits: Tensor): Tensor {
		throwIfAborted(this.signal);
		const data = logits.data as Float32Array;
		const width = data.length / this.rows.length;
		inputIds.forEach((ids, row) => {
			this.#follow(row, ids);
			this.#restrict(row, data.subarray(row * width, (row + 1) * width));
		});
		this.#consumed = inputIds[0]?.length ?? this.#consumed;
		return logits;
	}

	#follow(row: number, ids: readonly bigint[]): void {
		const { vocabulary } = this.rows[row]!.mask;
		for (const id of ids.slice(this.#consumed)) {
			this.#partials[row] = advance(vocabulary.config, this.#partials[row]!, vocabulary.at(Number(id)));
		}
	}

	#restrict(row: number, logits: Float32Array): void {
		const { mask, sampling } = this.rows[row]!;
		const allowed = mask.allowed(this.#partials[row]!);
		const scores = allowed.map(({ id }) => score(logits[id]!, sampling));
		if (!scores.every(Number.isFinite)) throw notFinite();
		logits.fill(Number.NEGATIVE_INFINITY);
		allowed.forEach(({ id }, index) => {
			logits[id] = scores[index]!;
		});
	}
}

function score(logit: number, sampling: SamplingOptions | undefined): number {
	return sampling ? logit / sampling.temperature + gumbel(sampling.random) : logit;
}

function notFinite(): ArchgenError {
	return new ArchgenError({
		category: "INTERNAL",
		reason: "MODEL_OUTPUT_NOT_FINITE",
		message: "The sequence generator's logits are not finite numbers; its weights are damaged.",
	});
}
