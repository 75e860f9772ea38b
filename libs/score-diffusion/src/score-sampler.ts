import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { inOrderOfCompletion } from "@archgen/concurrency";
import { invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import type { PooledModel, SessionPool } from "@archgen/tensor-graph";
import type { Guide } from "./guide.js";
import { guidedScoreModel } from "./guided-score.js";
import type { BlockToSample } from "./sample-block.js";
import type { Sampler } from "./samplers.js";
import { stateSize } from "./state-shape.js";
import type { ScoreDescription, TrainedScore } from "./trained-score.js";
import {
	requireGuidance,
	requireVectors,
	vectorCondition,
	vectorConditionWidth,
} from "./vector-condition.js";

// Resolved through the package's exports, so that the compiled procedure is found from sources and tests as well.
const PROCEDURE = pathToFileURL(
	createRequire(import.meta.url).resolve("@archgen/score-diffusion/sample-block"),
);

/** Rows sampled together: beyond, the work for a row hardly falls. The last block has as many, so that a sample does not depend on their number. */
export const BLOCK_ROWS = 64;

export interface SampleRequest {
	readonly count: number;
	/** Number of the first sample among those of the seed, a multiple of {@link BLOCK_ROWS}; default 0. */
	readonly first?: number;
	readonly sampler: Sampler;
	/** One for each guide, in their order. */
	readonly strengths?: readonly number[];
	/** Vector that each sample is asked for; none unless given. */
	readonly vectors?: readonly (readonly number[])[] | undefined;
	/** W of classifier-free guidance by the vectors; default 0. */
	readonly guidance?: number;
	/** Scale of the prior's noise; default 1. */
	readonly temperature?: number | undefined;
	/**
	 * Whether the last block is as large as the others, so that a sample does not depend on the number of samples; default true. Without it few samples
	 * take less time.
	 */
	readonly padded?: boolean;
	readonly random: Random;
	readonly signal?: AbortSignal;
	/** Called with the states that are done, after each block. */
	readonly onProgress?: (done: number) => void;
}

/** Samples states by a trained score and guides. */
export class ScoreSampler {
	readonly #description: ScoreDescription;
	readonly #guides: number;
	readonly #model: PooledModel;

	readonly #workers: number;

	private constructor(description: ScoreDescription, guides: number, model: PooledModel, workers: number) {
		this.#workers = workers;
		this.#description = description;
		this.#guides = guides;
		this.#model = model;
	}

	/** @throws ArchgenError INVALID_ARGUMENT for a guide over states of another shape, found when the network is built */
	static async create(
		pool: SessionPool,
		score: TrainedScore,
		guides: readonly Guide[] = [],
	): Promise<ScoreSampler> {
		const model = await pool.load(guidedScoreModel(score, guides), { arena: true });
		return new ScoreSampler(score.description, guides.length, model, pool.size);
	}

	/**
	 * States at σ = 0, flat [count, nodes, operations], not yet quantised. The first n states of a seed are the same whatever the count and however
	 * many workers there are.
	 */
	async sample(request: SampleRequest): Promise<Float32Array> {
		const { count, first = 0, strengths = [], padded = true, random, signal, onProgress } = request;
		if (strengths.length !== this.#guides || !strengths.every(Number.isFinite))
			throw invalidArgument("strengths", `must be ${this.#guides} finite numbers, one for each guide`);
		requireVectors(request.vectors, count, this.#description.vector);
		requireGuidance(request.guidance ?? 0, request.temperature);
		const size = stateSize(this.#description.shape);
		const states = new Float32Array(count * size);
		const blocks = Array.from({ length: Math.ceil(count / BLOCK_ROWS) }, (_, i) => i * BLOCK_ROWS);
		const sampled = inOrderOfCompletion(blocks, this.#workers, async (start) => {
			const own = random.fork(`block-${(first + start) / BLOCK_ROWS}`);
			const rows = Math.min(BLOCK_ROWS, count - start);
			const block = this.#block(request, start, padded ? BLOCK_ROWS : rows, own);
			const result = await this.#model.perform<BlockToSample, Float32Array>(PROCEDURE, block, signal);
			states.set(result.subarray(0, rows * size), start * size);
			return rows;
		});
		let done = 0;
		for await (const rows of sampled) {
			done += rows;
			onProgress?.(done);
		}
		return states;
	}

	/** The block of samples from `start` on. */
	#block(
		{ sampler, strengths = [], vectors, guidance = 0, temperature = 1 }: SampleRequest,
		start: number,
		rows: number,
		random: Random,
	): BlockToSample {
		const { shape, sde, vector } = this.#description;
		const width = vectorConditionWidth(vector);
		const conditions = new Float32Array(rows * width);
		for (let row = 0; row < rows; row++)
			conditions.set(vectorCondition(vector, vectors?.[start + row]), row * width);
		return {
			shape: [rows, shape.nodes, shape.operations],
			...{ sde, sampler, strengths, guidance, temperature },
			...(width > 0 && { conditions }),
			random: random.state(),
		};
	}

	async release(): Promise<void> {
		await this.#model.release();
	}
}
