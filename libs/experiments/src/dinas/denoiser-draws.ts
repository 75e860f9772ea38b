import { join } from "node:path";
import {
	architecturesOf,
	type Condition,
	type ConditionTarget,
	conditionClasses,
	type DenoiserConfig,
	DiscreteSampler,
} from "@archgen/discrete-diffusion";
import {
	type PropertyTableFile,
	type RunContext,
	readDenoiser,
	trainDenoiserFolder,
} from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { type ArchitectureSpace, architectureKey, sampleMeasures } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import { rowFinder } from "../table-rows.js";

/** What all searches of DiNAS have in common. */
export interface DinasJob {
	/** Data sets by the stem of their columns: STEM_val and STEM_test. */
	readonly dataSets: readonly string[];
	/** Share of the labelled architectures that are the target class. */
	readonly share: number;
	/** Samples of a search, published 192. Invalid ones and repeats count. */
	readonly queries: number;
	/** Searches of each row. */
	readonly seeds: number;
	/** Strengths W of classifier-free guidance, published 2. */
	readonly guidances: readonly number[];
	/** Reverse steps of the sampling. */
	readonly jumps: number;
	readonly config: DenoiserConfig;
	/** Folder of the denoisers, which are trained where they are missing. */
	readonly work: string;
	readonly workers: number;
}

/** Samples of several searches. */
export interface Draws {
	/** Rows of the valid samples of each search. */
	readonly searches: readonly (readonly number[])[];
	/** Share of the samples that are valid. */
	readonly validity: number;
	/** Share of a search's valid samples that are left when each is counted once, on average. */
	readonly uniqueness: number;
	readonly millisecondsPerSample: number;
}

/** A denoiser of the work folder, trained unless it is there, ready to sample. */
export class DenoiserDraws<A> {
	private constructor(
		private readonly context: RunContext,
		private readonly space: ArchitectureSpace<A>,
		private readonly file: PropertyTableFile<A>,
		private readonly job: DinasJob,
		private readonly sampler: DiscreteSampler,
	) {}

	/**
	 * @param name goes into that of its folder, with the data sets, the share of the target class and the steps
	 * @param rows labelled architectures to train on
	 */
	static async open<A>(
		pool: SessionPool,
		context: RunContext,
		space: ArchitectureSpace<A>,
		file: PropertyTableFile<A>,
		job: DinasJob,
		{ name, targets, rows }: { name: string; targets: readonly ConditionTarget[]; rows: number },
	): Promise<DenoiserDraws<A>> {
		const { config, work, workers } = job;
		const folder = join(work, [...job.dataSets, name, `top-${job.share}`, config.steps].join("_"));
		const labels = { file, targets, rows, amongWithin: true };
		// A finished training is not done again: its checkpoint says so.
		await trainDenoiserFolder(context, space, { config, labels, folder, workers, restart: false });
		const { denoiser } = await readDenoiser(folder);
		return new DenoiserDraws(context, space, file, job, await DiscreteSampler.create(pool, denoiser));
	}

	/** Samples of the searches 0 … seeds − 1 under conditions. */
	async draw(title: string, conditions: readonly Condition[], guidance: number): Promise<Draws> {
		const { queries, seeds, jumps } = this.job;
		const { signal } = this.context;
		const progress = this.context.startProgress({ title, total: queries * seeds });
		const classes = conditionClasses(this.sampler.description.metrics, conditions);
		const rowOf = rowFinder(this.space, this.file.table);
		const drawn: (A | undefined)[][] = [];
		const began = performance.now();
		try {
			for (let seed = 0; seed < seeds; seed++) {
				const random = createRandom(seed).fork("dinas");
				const request = { count: queries, steps: jumps, guidance, classes, random, signal };
				drawn.push(architecturesOf(this.space, await this.sampler.sample(request)));
				progress.update((seed + 1) * queries);
			}
		} finally {
			progress.stop();
		}
		const keys = drawn.map((each) => each.map((a) => a && architectureKey(this.space, a)));
		const measures = keys.map((each) => sampleMeasures(each));
		const average = (name: "validity" | "uniqueness") =>
			measures.reduce((sum, each) => sum + each[name], 0) / seeds;
		return {
			searches: drawn.map((each) => each.flatMap((a) => rowOf(a) ?? [])),
			validity: average("validity"),
			uniqueness: average("uniqueness"),
			millisecondsPerSample: (performance.now() - began) / (queries * seeds),
		};
	}

	async release(): Promise<void> {
		await this.sampler.release();
	}
}
