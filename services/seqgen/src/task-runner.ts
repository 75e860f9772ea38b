import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import {
	type BudgetOracle,
	createBudgetOracle,
	type GuardedBudget,
	type MacroSequence,
	SequenceGenerator,
} from "@archgen/seqgen";
import type { GenerationTask } from "./messages.js";

/** Sequences decoded at once: bounds the memory of the key-value cache. */
const CHUNK = 128;

/** Oracles kept, one for each input size and number of classes. */
const ORACLES = 8;

/**
 * Share of the tightest upper bound that sequences use: T-CET grows with what a network may spend. Of 300 networks under random bounds the median used 0.87 of
 * it without this and 0.98 with it.
 */
const FILL = 0.9;

/** Runs generation tasks one after another on one loaded model. */
export class TaskRunner {
	readonly #oracles = new Map<string, BudgetOracle>();
	#last: Promise<unknown> = Promise.resolve();

	private constructor(
		private readonly generator: SequenceGenerator,
		private readonly cells: readonly (Cell | null)[],
	) {}

	/**
	 * @param cells the cheapest known cell of each cluster
	 * @throws FAILED_PRECONDITION when the folder holds no model, or one of other clusters
	 */
	static async load(folder: string, cells: readonly (Cell | null)[], threads: number): Promise<TaskRunner> {
		const generator = await SequenceGenerator.load(folder, { threads });
		const { clusters } = generator.vocabulary.config;
		if (clusters !== cells.length) {
			throw new ArchgenError({
				category: "FAILED_PRECONDITION",
				reason: "CLUSTERS_DIFFER",
				message: `The sequence generator speaks of ${clusters} clusters, the mixture has ${cells.length}; train it on this mixture.`,
			});
		}
		return new TaskRunner(generator, cells);
	}

	/** The sequences of a task; equal tasks give equal sequences. */
	run(task: GenerationTask, signal: AbortSignal): Promise<MacroSequence[]> {
		const result = this.#last.then(() => this.#generate(task, signal));
		this.#last = result.catch(() => {});
		return result;
	}

	async #generate(
		{ condition, constraints, count, temperature, seed }: GenerationTask,
		signal: AbortSignal,
	): Promise<MacroSequence[]> {
		const budget = this.#guard({ condition, constraints });
		const random = createRandom(seed).fork("sequences");
		const sequences: MacroSequence[] = [];
		for (let chunk = 0; sequences.length < count; chunk += 1) {
			throwIfAborted(signal);
			sequences.push(
				...(await this.generator.generate({
					condition,
					count: Math.min(CHUNK, count - sequences.length),
					budget,
					temperature,
					random: random.fork(chunk),
					signal,
				})),
			);
		}
		return sequences;
	}

	/** The budget of a task; its input size and classes are known to be there when it has constraints. */
	#guard({
		condition,
		constraints,
	}: Pick<GenerationTask, "condition" | "constraints">): GuardedBudget | undefined {
		const { classes, inputSize } = condition;
		if (classes === undefined || inputSize === undefined || Object.keys(constraints).length === 0) {
			return undefined;
		}
		const key = `${classes}/${inputSize}`;
		const { maxStages } = this.generator.vocabulary.config;
		const oracle =
			this.#oracles.get(key) ?? createBudgetOracle({ classes, inputSize, cells: this.cells, maxStages });
		this.#oracles.delete(key);
		this.#oracles.set(key, oracle);
		for (const old of [...this.#oracles.keys()].slice(0, -ORACLES)) {
			this.#oracles.delete(old);
		}
		return { bounds: constraints, oracle, fill: FILL };
	}
}
