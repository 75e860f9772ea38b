import { type Constraints, isBounded, type MacroSequence } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import type { Cell } from "@archgen/search-space";
import { LRUCache } from "lru-cache";
import { type BudgetOracle, createBudgetOracle } from "../budget-oracle.js";
import { GptNeoGenerator, MOST_ROWS } from "../sequence-generator.js";
import type { GuardedBudget } from "../sequence-mask.js";
import type { GenerationTask } from "./messages.js";

/** Oracles kept, one for each input size and number of classes. */
const ORACLES = 8;

/** Share of the tightest upper bound that sequences use where both size and cost are bounded. */
const FILL = 0.9;

/**
 * T-CET grows with what a network may spend, so sequences come near their bounds; but only where parameters and operations are bounded both.
 * With one of them free, a mask that forces the use of the other leads to shapes that nobody wants: with bundle 3 under 450 M flopCount alone
 * half of the networks at 224 pixels had more than 3.5 M parameters and some 99 M, where the model by itself wrote 0.2 M. What is left is used
 * by fitting widths, which keeps the shape (`fitWidths` of generation).
 */
function fillOf({ maxParameterCount, maxMacCount, maxFlopCount }: Constraints): number {
	const bounded = maxParameterCount !== undefined && (maxMacCount ?? maxFlopCount) !== undefined;
	return bounded ? FILL : 0;
}

/** Runs generation tasks on one loaded model; tasks that wait are decoded together. */
export class TaskRunner {
	readonly #oracles = new LRUCache<string, BudgetOracle>({ max: ORACLES });

	private constructor(
		private readonly generator: GptNeoGenerator,
		private readonly cells: readonly (Cell | null)[],
	) {}

	/**
	 * @param cells the cell that each cell token is counted with; null where none is known
	 * @throws FAILED_PRECONDITION when the folder holds no model, or one of other clusters
	 */
	static async load(folder: string, cells: readonly (Cell | null)[], threads: number): Promise<TaskRunner> {
		const generator = await GptNeoGenerator.load(folder, { threads });
		const { clusters } = generator.vocabulary.config;
		if (clusters !== cells.length) {
			throw new ArchgenError({
				category: "FAILED_PRECONDITION",
				reason: "CLUSTERS_DIFFER",
				message: `The sequence generator has tokens for ${clusters} kinds of cells, the bundle knows ${cells.length}; train it on this bundle.`,
			});
		}
		return new TaskRunner(generator, cells);
	}

	/** The sequences of a task, whose stages name tokens; equal tasks give equal sequences, whatever else runs. */
	async run(
		{ condition, constraints, count, temperature, seed }: GenerationTask,
		signal: AbortSignal,
	): Promise<MacroSequence[]> {
		const budget = this.#guard({ condition, constraints });
		const random = createRandom(seed).fork("sequences");
		const sequences: MacroSequence[] = [];
		for (let chunk = 0; sequences.length < count; chunk += 1) {
			sequences.push(
				...(await this.generator.generate({
					condition,
					count: Math.min(MOST_ROWS, count - sequences.length),
					budget,
					temperature,
					random: random.fork(chunk),
					signal,
				})),
			);
		}
		return sequences;
	}

	/** Frees the model. */
	close(): Promise<void> {
		return this.generator.close();
	}

	/** The budget of a task; its input size and classes are known to be there when it has constraints. */
	#guard({
		condition,
		constraints,
	}: Pick<GenerationTask, "condition" | "constraints">): GuardedBudget | undefined {
		const { classes, inputSize } = condition;
		if (classes === undefined || inputSize === undefined || !isBounded(constraints)) return undefined;
		const key = `${classes}/${inputSize}`;
		const { maxStages } = this.generator.vocabulary.config;
		const oracle =
			this.#oracles.get(key) ?? createBudgetOracle({ classes, inputSize, cells: this.cells, maxStages });
		this.#oracles.set(key, oracle);
		return { bounds: constraints, oracle, fill: fillOf(constraints) };
	}
}
