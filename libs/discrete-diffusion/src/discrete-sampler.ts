import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { inOrderOfCompletion } from "@archgen/concurrency";
import { invalidArgument } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { requireGuidance, requireVectors, vectorCondition } from "@archgen/score-diffusion";
import type { PooledModel, SessionPool } from "@archgen/tensor-graph";
import { conditionVector, conditionWidth } from "./conditions.js";
import type { BlockToDenoise } from "./denoise-block.js";
import { emptyGraphs, type Graphs } from "./graph-shape.js";
import {
	DENOISER_FILES,
	type DenoiserDescription,
	exportDenoiser,
	type TrainedDenoiser,
} from "./trained-denoiser.js";

// Resolved through the package's exports, so that the compiled procedure is found from sources and tests as well.
const PROCEDURE = pathToFileURL(
	createRequire(import.meta.url).resolve("@archgen/discrete-diffusion/denoise-block"),
);

/** Graphs sampled together. The last block has as many, so that a sample does not depend on their number. */
const DENOISED_ROWS = 64;

/** How graphs are sampled. */
export interface DiscreteMethod {
	/** Reverse steps, published 500: those of the schedule. */
	readonly steps: number;
	/** W of classifier-free guidance: 0 for the conditional model alone, published 2. */
	readonly guidance: number;
}

/** Few long steps: over NAS-Bench-201, trained with all labels, 10, 20 and 50 steps gave equal mean accuracies. */
export const DEFAULT_DISCRETE_METHOD: DiscreteMethod = { steps: 20, guidance: 2 };

export interface DiscreteSampleRequest extends DiscreteMethod {
	readonly count: number;
	/** Number of the first sample among those of the seed, a multiple of `DENOISED_ROWS`; default 0. */
	readonly first?: number;
	/** Class of each metric, undefined where nothing is asked for, from `conditionClasses`. */
	readonly classes: readonly (number | undefined)[];
	/** Vector that each sample is asked for; none unless given. */
	readonly vectors?: readonly (readonly number[])[] | undefined;
	/** See `Denoising`; default 1. */
	readonly temperature?: number | undefined;
	/**
	 * Whether the last block is as large as the others, so that a sample does not depend on the number of samples; default true. Without it few samples
	 * take less time.
	 */
	readonly padded?: boolean;
	readonly random: Random;
	readonly signal?: AbortSignal;
	/** Called with the graphs that are done, after each block. */
	readonly onProgress?: (done: number) => void;
}

/** Samples graphs by a trained denoiser under conditions. */
export class DiscreteSampler {
	readonly #model: PooledModel;
	readonly #workers: number;

	private constructor(
		readonly description: DenoiserDescription,
		model: PooledModel,
		workers: number,
	) {
		this.#model = model;
		this.#workers = workers;
	}

	static async create(pool: SessionPool, trained: TrainedDenoiser): Promise<DiscreteSampler> {
		const network = exportDenoiser(trained).get(DENOISER_FILES.network)!;
		return new DiscreteSampler(trained.description, await pool.load(network, { arena: true }), pool.size);
	}

	/**
	 * The first n graphs of a seed are the same whatever the count and however many workers there are.
	 *
	 * @throws ArchgenError INVALID_ARGUMENT for steps or guidance out of range
	 */
	async sample(request: DiscreteSampleRequest): Promise<Graphs> {
		const { count, first = 0, padded = true, random, signal, onProgress } = request;
		const { shape } = this.description;
		checkMethod(request, this.description);
		const result = emptyGraphs(shape, count);
		const blocks = Array.from({ length: Math.ceil(count / DENOISED_ROWS) }, (_, i) => i * DENOISED_ROWS);
		const sampled = inOrderOfCompletion(blocks, this.#workers, async (start) => {
			const own = random.fork(`block-${(first + start) / DENOISED_ROWS}`);
			const rows = Math.min(DENOISED_ROWS, count - start);
			const block = this.#block(request, start, padded ? DENOISED_ROWS : rows, own);
			const found = await this.#model.perform<BlockToDenoise, Graphs>(PROCEDURE, block, signal);
			for (const part of ["nodes", "edges"] as const) {
				const width = found[part].length / block.rows;
				result[part].set(found[part].subarray(0, rows * width), start * width);
			}
			return rows;
		});
		let done = 0;
		for await (const rows of sampled) {
			done += rows;
			onProgress?.(done);
		}
		return result;
	}

	/** The block of samples from `start` on. */
	#block(
		{ steps, guidance, classes, vectors, temperature }: DiscreteSampleRequest,
		start: number,
		rows: number,
		random: Random,
	): BlockToDenoise {
		const { shape, schedule, marginals, ...form } = this.description;
		const width = conditionWidth(form);
		const conditions = new Float32Array(rows * width);
		const ofClasses = conditionVector(classes);
		for (let row = 0; row < rows; row++) {
			conditions.set(ofClasses, row * width);
			conditions.set(vectorCondition(form.vector, vectors?.[start + row]), row * width + ofClasses.length);
		}
		return {
			...{ shape, schedule, marginals, jumps: steps, rows, guidance, temperature, conditions },
			random: random.state(),
		};
	}

	async release(): Promise<void> {
		await this.#model.release();
	}
}

function checkMethod(
	{ count, steps, guidance, classes, vectors, temperature }: DiscreteSampleRequest,
	{ schedule, metrics, vector }: DenoiserDescription,
): void {
	if (!Number.isSafeInteger(steps) || steps < 1 || steps > schedule.steps)
		throw invalidArgument("steps", `must be a whole number from 1 to ${schedule.steps}`);
	requireGuidance(guidance, temperature);
	if (classes.length !== metrics.length)
		throw invalidArgument("classes", `must be ${metrics.length}, one for each metric`);
	requireVectors(vectors, count, vector);
}
