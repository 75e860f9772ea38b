import { resolve } from "node:path";
import type { Condition, MacroSequence } from "@archgen/design";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { WaitingLine } from "@archgen/tensor-graph";
import {
	AutoModelForCausalLM,
	env,
	LogitsProcessorList,
	type PreTrainedModel,
	Tensor,
} from "@huggingface/transformers";
import { encodeCondition, parsePartial } from "./codec.js";
import { toMacroSequence } from "./grammar.js";
import { type DecodedRow, MaskingProcessor, type SamplingOptions } from "./masking-processor.js";
import { readVocabulary } from "./model-folder.js";
import { type GuardedBudget, SequenceMask } from "./sequence-mask.js";
import type { Vocabulary } from "./vocabulary.js";

/** Most rows decoded at once, which bounds the memory of the key-value cache; a request of more is decoded alone. */
export const MOST_ROWS = 128;

export interface DecodingRequest {
	readonly condition: Condition;
	/** Sequences to generate, default 1. Greedy decoding makes them all equal. */
	readonly count?: number;
	/** Forbids what cannot fit any more. */
	readonly budget?: GuardedBudget;
	/** 0, the default, decodes greedily. */
	readonly temperature?: number;
	/** Needed when the temperature is not 0. Sequence n uses fork n, so it does not depend on how many are generated. */
	readonly random?: Random;
	readonly signal?: AbortSignal;
}

export interface GptNeoGeneratorOptions {
	/** Threads of the model's session; onnxruntime's choice unless given. */
	readonly threads?: number;
}

function sampling({ temperature = 0, random }: DecodingRequest): SamplingOptions | undefined {
	if (!(temperature >= 0) || temperature === Number.POSITIVE_INFINITY) {
		throw invalidArgument("temperature", "must be 0 or a positive finite number");
	}
	if (temperature === 0) return undefined;
	if (random === undefined) throw invalidArgument("random", "is needed to sample with a temperature");
	return { temperature, random };
}

function unloadable(folder: string, cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "SEQUENCE_MODEL_UNREADABLE",
		message: `The model in ${folder} cannot be loaded; restore the folder or train a new one.`,
		cause,
	});
}

/** Rows of one request in a batch. */
interface RequestedRows {
	/** Token ids of the condition. */
	readonly prompt: readonly number[];
	readonly rows: readonly DecodedRow[];
}

/**
 * A trained sequence generator, served by transformers with a key-value cache. Requests that come while others are decoded are decoded
 * together: four rows cost less than twice as much as one, and a row's tokens do not depend on its company.
 */
export class GptNeoGenerator {
	readonly #line = new WaitingLine<RequestedRows, MacroSequence[]>({
		work: (requests, signal) => this.#decode(requests, signal),
		weight: ({ rows }) => rows.length,
		capacity: MOST_ROWS,
	});

	private constructor(
		readonly vocabulary: Vocabulary,
		private readonly model: PreTrainedModel,
	) {}

	/**
	 * Loads a Hugging Face folder from disk; nothing is ever fetched.
	 *
	 * @throws FAILED_PRECONDITION, reason `SEQUENCE_MODEL_UNREADABLE`, when the folder does not hold a model of ours
	 */
	static async load(folder: string, { threads }: GptNeoGeneratorOptions = {}): Promise<GptNeoGenerator> {
		const path = resolve(folder);
		const vocabulary = await readVocabulary(path);
		env.allowRemoteModels = false;
		try {
			const model = await AutoModelForCausalLM.from_pretrained(path, {
				local_files_only: true,
				device: "cpu",
				dtype: "fp32",
				session_options: {
					...(threads === undefined ? {} : { intraOpNumThreads: threads }),
					// threads that spin while they wait take the cores from the other services
					extra: { session: { intra_op: { allow_spinning: "0" } } },
				},
			});
			return new GptNeoGenerator(vocabulary, model);
		} catch (cause) {
			throw unloadable(path, cause);
		}
	}

	/**
	 * Generates macro sequences for a condition. All of them are well formed; with a budget all of them stay inside its
	 * upper bounds when their stages use the oracle's cells.
	 *
	 * @throws INVALID_ARGUMENT for a bad request or a budget below the smallest network, CANCELLED when the signal fires
	 */
	async generate(request: DecodingRequest): Promise<MacroSequence[]> {
		const { condition, count = 1, budget, signal } = request;
		if (!Number.isInteger(count) || count < 1) throw invalidArgument("count", "must be a positive integer");
		const choice = sampling(request);
		const mask = new SequenceMask(this.vocabulary, budget);
		const rowOf = (index: number) =>
			choice ? { mask, sampling: { ...choice, random: choice.random.fork(index) } } : { mask };
		const prompt = encodeCondition(this.vocabulary, condition);
		const rows = Array.from({ length: choice ? count : 1 }, (_, index) => rowOf(index));
		const sequences = await this.#line.add({ prompt, rows }, signal);
		return choice ? sequences : Array.from({ length: count }, () => sequences[0]!);
	}

	async #decode(requests: readonly RequestedRows[], signal: AbortSignal): Promise<MacroSequence[][]> {
		const { vocabulary } = this;
		const { promptLength } = vocabulary;
		const rows = requests.flatMap((request) => request.rows);
		const ids = requests.flatMap(({ prompt, rows }) => rows.flatMap(() => prompt.map(BigInt)));
		const processors = new LogitsProcessorList();
		processors.push(new MaskingProcessor(rows, promptLength, signal));
		const output = await this.model.generate({
			inputs: new Tensor("int64", BigInt64Array.from(ids), [rows.length, promptLength]),
			logits_processor: processors,
			max_new_tokens: vocabulary.maxLength - promptLength,
			// a row that ended earlier than others goes on with padding
			eos_token_id: [vocabulary.find("end").id, vocabulary.find("pad").id],
			do_sample: false,
		});
		const sequences = (output as Tensor).tolist().map((row: bigint[]) => {
			return toMacroSequence(parsePartial(vocabulary, row.slice(promptLength).map(Number)));
		});
		return requests.map((request) => sequences.splice(0, request.rows.length));
	}

	/** Frees the session. */
	async close(): Promise<void> {
		await this.model.dispose();
	}
}
