import {
	type Constraints,
	cellEvolution,
	checkConstraints,
	designNetwork,
	type Evaluation,
	EvolutionRun,
	type EvolutionRecord,
	type MacroDesign,
	type Objective,
	RANDOM_CELLS,
	type Target,
} from "@archgen/evolution";
import {
	type CellOrigin,
	type GenerationResult,
	type Rejection,
	qualityOf,
	type RankedNetwork,
	type Scorer,
} from "@archgen/generation";
import { networkHash } from "@archgen/search-space";

/** How long generated networks are evolved. */
export interface Refinement {
	readonly target: Target;
	readonly constraints: Constraints;
	readonly seed: number;
	/** Networks to return. */
	readonly topK: number;
	/** Evaluations in all, those of the generated networks included. */
	readonly evaluations: number;
	/** Evaluations in flight; with 1 the answer is a function of seed and generated networks alone. */
	readonly parallelism: number;
	/** Told to stop early, the refinement answers with the best found so far. */
	readonly finish?: AbortSignal;
}

export interface RefinementDependencies {
	readonly scorer: Scorer;
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
	const found = history.slice(generated.networks.length).map((record) => known.ranked(record));
	const networks = [...generated.networks, ...found]
		.sort((a, b) => b.score - a.score || a.counts.parameterCount - b.counts.parameterCount || (a.hash < b.hash ? -1 : 1))
		.slice(0, topK)
		.map((network, i) => ({ ...network, rank: i + 1 }));
	const refining = dependencies.now() - start;
	return {
		...generated,
		networks,
		quality: qualityOf([...generated.scores, ...found.map(({ score }) => score)]),
		timings: { ...generated.timings, refining },
	};
}

/** Evaluates until the number is reached or it is told to finish. */
async function evolve(
	known: Known,
	{ target, constraints, evaluations, seed, parallelism, finish }: Refinement,
	{ signal, onProgress }: RefinementDependencies,
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
			parallelism,
			strategy: cellEvolution(seeds),
		},
		{ cells: RANDOM_CELLS, objective: known },
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

/** Scores of generated networks and of those that evolution asks about. */
class Known implements Objective {
	readonly designs: readonly MacroDesign[];
	readonly #outcomes = new Map<string, { readonly score: number; readonly values: Readonly<Record<string, number>> }>();
	readonly #origins = new Map<string, CellOrigin>();

	constructor(
		generated: readonly RankedNetwork[],
		private readonly refinement: Refinement,
		private readonly dependencies: RefinementDependencies,
	) {
		for (const { hash, score, values, network, parts } of generated) {
			this.#outcomes.set(hash, { score, values });
			network.stages.forEach(({ cell }, i) => this.#origins.set(cell.hash, parts[i]!));
		}
		this.designs = generated.map(designOf);
	}

	async evaluate(network: Parameters<Objective["evaluate"]>[0], signal?: AbortSignal): Promise<Evaluation> {
		const hash = networkHash(network);
		const known = this.#outcomes.get(hash);
		if (known !== undefined) return { ok: true, score: known.score };
		const rejected = this.dependencies.reject?.(network);
		if (rejected !== undefined) return { ok: false, reason: rejected };
		for await (const { outcome } of this.dependencies.scorer.score([network], this.refinement.seed, signal)) {
			if (!outcome.ok) return outcome;
			const { score, values = {} } = outcome;
			this.#outcomes.set(hash, { score, values });
			return { ok: true, score };
		}
		return { ok: false, reason: "MISSING" };
	}

	/** A network that evolution found; its rank follows later. */
	ranked({ design, hash, counts, index }: EvolutionRecord): RankedNetwork {
		const { target, constraints } = this.refinement;
		const { stages, finalChannels } = design;
		return {
			rank: 0,
			network: designNetwork(design, target),
			hash,
			counts,
			margins: checkConstraints(counts, constraints).margins,
			...this.#outcomes.get(hash)!,
			parts: stages.map(({ cell }) => this.#origins.get(cell.hash) ?? "edit"),
			provenance: {
				sequence: { stages: stages.map(({ cell: _, ...stage }) => stage), finalChannels },
				evaluation: index + 1,
			},
		};
	}
}

function designOf({ network, provenance }: RankedNetwork): MacroDesign {
	const { stages, finalChannels } = provenance.sequence;
	return { stages: network.stages.map((stage, i) => ({ ...stage, cluster: stages[i]!.cluster })), finalChannels };
}
