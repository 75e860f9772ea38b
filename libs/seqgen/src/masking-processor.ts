import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { LogitsProcessor, type Tensor } from "@huggingface/transformers";
import { advance, type PartialSequence, START } from "./grammar.js";
import type { SequenceMask } from "./sequence-mask.js";

/** How tokens are chosen among the allowed ones. */
export interface SamplingOptions {
	/** 0 takes the likeliest token; other temperatures divide the logits before drawing. */
	readonly temperature: number;
	/** Source of the draws; sequence n of a batch uses fork n, whatever the size of the batch. */
	readonly random: Random;
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
	readonly #rows: PartialSequence[] = [];
	readonly #streams: readonly Random[];
	#consumed: number;

	constructor(
		readonly mask: SequenceMask,
		readonly options: {
			readonly promptLength: number;
			readonly count: number;
			readonly sampling?: SamplingOptions;
			readonly signal?: AbortSignal;
		},
	) {
		super();
		const { sampling, count, promptLength } = options;
		this.#rows = Array.from({ length: count }, () => START);
		this.#streams = sampling ? Array.from({ length: count }, (_, row) => sampling.random.fork(row)) : [];
		this.#consumed = promptLength;
	}

	/** Called by transformers with all ids so far and the logits [batch, vocabulary] of the next token, changed in place. */
	override _call(inputIds: bigint[][], logits: Tensor): Tensor {
		throwIfAborted(this.options.signal);
		const width = this.mask.vocabulary.size;
		const data = logits.data as Float32Array;
		inputIds.forEach((ids, row) => {
			this.#follow(row, ids);
			this.#restrict(row, data.subarray(row * width, (row + 1) * width));
		});
		this.#consumed = inputIds[0]?.length ?? this.#consumed;
		return logits;
	}

	#follow(row: number, ids: readonly bigint[]): void {
		const { vocabulary } = this.mask;
		for (const id of ids.slice(this.#consumed)) {
			this.#rows[row] = advance(vocabulary.config, this.#rows[row]!, vocabulary.at(Number(id)));
		}
	}

	#restrict(row: number, logits: Float32Array): void {
		const allowed = this.mask.allowed(this.#rows[row]!);
		const scores = allowed.map(({ id }) => this.#score(row, logits[id]!));
		if (!scores.every(Number.isFinite)) throw notFinite();
		logits.fill(Number.NEGATIVE_INFINITY);
		allowed.forEach(({ id }, index) => {
			logits[id] = scores[index]!;
		});
	}

	#score(row: number, logit: number): number {
		const temperature = this.options.sampling?.temperature ?? 0;
		return temperature === 0 ? logit : logit / temperature + gumbel(this.#streams[row]!);
	}
}

function notFinite(): ArchgenError {
	return new ArchgenError({
		category: "INTERNAL",
		reason: "MODEL_OUTPUT_NOT_FINITE",
		message: "The sequence generator's logits are not finite numbers; its weights are damaged.",
	});
}
