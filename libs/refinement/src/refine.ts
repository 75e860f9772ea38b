import {
	type Constraints,
	checkConstraints,
	countBounded,
	type NetworkScorer,
	objectivesOf,
	RANDOM_CELLS,
	type ScoreOutcome,
} from "@archgen/design";
import {
	cellEvolution,
	designNetwork,
	type EvolutionRecord,
	EvolutionRun,
	type MacroDesign,
} from "@archgen/evolution";
import {
	type CellOrigin,
	type GenerationResult,
	qualityOf,
	type RankedNetwork,
	type Rejection,
	ranked,
} from "@archgen/generation";
import { type Network, networkHash, type Target } from "@archgen/search-space";

/** How long generated networks are evolved. */
export interface Refinement {
	readonly target: Target;
	readonly constraints: Constraints;
	readonly seed: number;
	/** Networks to return. */
	readonly topK: number;
	/** Evaluations in all, those of the generated networks included. */
	readonly evaluations: number;
	/** Told to stop early, the refinement answers with the best found so far. */
	readonly finish?: AbortSignal;
}

export interface RefinementDependencies {
	readonly scorer: NetworkScorer;
	/** What a network promises of the objective without being scored; nothing is known unless given. */
	readonly predict?: (network: Network) => number;
	readonly reject?: Rejection;
	/** Milliseconds on any monotonic scale. */
	readonly now: () => number;
	readonly onProgress?: (evaluated: number, total: number) => void;
	/** Ends the refinement without an answer. */
	readonly signal?: AbortSignal;
}

/**
 * Goes on from generated networks by evolution of cells and macro structure until a number of evaluations is reached. The generated
 * networks are the first population; their scores are not computed again.
 *
 * @param generated an answer with all its networks (`topK` = `candidates`)
 * @returns the answer with the best `topK` of all networks seen
 */
export async function refine(
	generated: GenerationResult,
	refinement: Refinement,
	dependencies: RefinementDependencies,
): Promise<GenerationResult> {
	const { evaluations, topK } = refinement;
	const cut = { ...generated, networks: generated.networks.slice(0, topK) };
	if (generated.networks.length === 0 || generated.networks.length >= evaluations) return cut;
	const start = dependencies.now();
	const known = new Known(generated.networks, refinement, dependencies);
	const history = await evolve(known, refinement, dependencies);
	const found = history.slice(generated.networks.length).map((record) => known.found(record));
	const networks = ranked([...generated.networks, ...found]).slice(0, topK);
	const refining = dependencies.now() - start;
	return {
		...generated,
		networks,
		quality: qualityOf([...generated.scores, ...found.map(({ score }) => score)]),
		timings: { ...generated.timings, refining },
	};
}

/** Evaluations in flight. It is the same everywhere, since answers depend on it. */
const IN_FLIGHT = 8;

/** Evaluates until the number is reached or it is told to finish. */
async function evolve(
	known: Known,
	{ target, constraints, evaluations, seed, finish }: Refinement,
	{ predict, signal, onProgress }: RefinementDependencies,
): Promise<readonly EvolutionRecord[]> {
	// The best ones last: ageing evolution drops the first ones first.
	const seeds = [...known.designs].reverse();
	const run = new EvolutionRun(
		{
			target,
			constraints,
			clusters: 1 + Math.max(...seeds.flatMap(({ stages }) => stages.map(({ cluster }) => cluster))),
			evaluations,
			seed,
			parallelism: IN_FLIGHT,
			strategy: cellEvolution(seeds),
		},
		{ cells: RANDOM_CELLS, scorer: known, ...(predict && { predict }) },
		{ ...(signal && { signal }), onProgress: ({ evaluated }) => onProgress?.(evaluated, evaluations) },
		{ history: [] },
	);
	try {
		let over = false;
		for (let reached = seeds.length; !over && !finish?.aborted; reached++) over = await run.advance(reached);
		return run.result().history;
	} finally {
		await run.close();
	}
}

/** Scores of generated networks and of those that evolution asks about; a set's objective is taken beside the generated networks. */
class Known implements Pick<NetworkScorer, "score"> {
	readonly designs: readonly MacroDesign[];
	readonly #scores = new Map<string, Pick<RankedNetwork, "score" | "parts" | "values">>();
	readonly #origins = new Map<string, CellOrigin>();
	readonly #reference: readonly (readonly number[])[];
	#last: Promise<void> = Promise.resolve();

	constructor(
		generated: readonly RankedNetwork[],
		private readonly refinement: Refinement,
		private readonly dependencies: RefinementDependencies,
	) {
		for (const { hash, score, parts, values, network, origins } of generated) {
			this.#scores.set(hash, { score, parts, values });
			for (const [i, { cell }] of network.stages.entries()) this.#origins.set(cell.hash, origins[i]!);
		}
		this.designs = generated.map(designOf);
		this.#reference = generated.map(({ parts }) => parts);
	}

	/** Answers in the order of the questions, so that a search with several of them in flight depends on nothing but its seed. */
	async score(network: Network, signal?: AbortSignal): Promise<ScoreOutcome> {
		const own = this.#score(network, signal);
		own.catch(settled); // met in turn
		const inTurn = this.#last.then(() => own);
		this.#last = inTurn.then(settled, settled);
		return inTurn;
	}

	async #score(network: Network, signal?: AbortSignal): Promise<ScoreOutcome> {
		const hash = networkHash(network);
		const known = this.#scores.get(hash);
		if (known !== undefined) return { ok: true, parts: [known.score] };
		const rejected = this.dependencies.reject?.(network);
		if (rejected !== undefined) return { ok: false, reason: rejected };
		const { scorer } = this.dependencies;
		const outcome = await scorer.score(network, signal);
		if (!outcome.ok) return outcome;
		const { parts, values = {} } = outcome;
		const score = objectivesOf(scorer, [...this.#reference, parts]).at(-1)!;
		this.#scores.set(hash, { score, parts, values });
		return { ok: true, parts: [score] };
	}

	/** A network that evolution found. */
	found({ design, hash, counts, index }: EvolutionRecord): Omit<RankedNetwork, "rank"> {
		const { target, constraints } = this.refinement;
		const { stages, finalChannels } = design;
		return {
			network: designNetwork(design, target),
			hash,
			counts,
			margins: checkConstraints(countBounded(designNetwork(design, target), constraints), constraints)
				.margins,
			...this.#scores.get(hash)!,
			origins: stages.map(({ cell }) => this.#origins.get(cell.hash) ?? "edit"),
			provenance: {
				sequence: { stages: stages.map(({ cell: _, ...stage }) => stage), finalChannels },
				evaluation: index + 1,
			},
		};
	}
}

function settled(): void {}

function designOf({ network, provenance }: RankedNetwork): MacroDesign {
	const { stages, finalChannels } = provenance.sequence;
	return {
		stages: network.stages.map((stage, i) => ({ ...stage, cluster: stages[i]!.cluster })),
		finalChannels,
	};
}
