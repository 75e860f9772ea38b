import { join } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { type EvolutionRecord, withShape } from "@archgen/evolution";
import { GvaeModel } from "@archgen/gvae";
import type { Mixture } from "@archgen/mixture";
import { createRandom } from "@archgen/random";
import { isSquareClassifier, sameTarget, targetTitle } from "@archgen/search-space";
import {
	DEFAULT_KEEP,
	type Exemplar,
	examplesFromHistory,
	rankWeight,
	type SequenceExample,
} from "@archgen/seqgen";
import type { SessionPool } from "@archgen/tensor-graph";
import { readMixture, readStageCells } from "../bundle/clusters.js";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";
import type { Bundle } from "../store/model-store.js";
import { chooseExemplars, describedCells, nearestExemplars } from "./exemplars.js";
import { rescaled } from "./rescale.js";

/** The history of one search. */
export interface RefreshHistory {
	/** For the manifest, e.g. the name of the job. */
	readonly name: string;
	readonly records: readonly EvolutionRecord[];
}

/** What examples are made of. */
export interface ExampleRequest {
	readonly histories: readonly RefreshHistory[];
	/** Share of each history that is worth imitating, 0.5 unless given. */
	readonly keep?: number;
	/**
	 * Exemplar cells to choose from the histories, which stages then name instead of clusters; those of the base unless given. With exemplars
	 * the histories may be of any bundle's cells.
	 */
	readonly exemplars?: number;
	/** Further examples for other sizes, classes and budgets that each network of a history gives (see `rescaled`); none unless given. */
	readonly rescale?: number;
}

/** Examples by history, and the exemplars that their stages name, where they name no clusters. */
export interface RefreshExamples {
	readonly examples: readonly (readonly SequenceExample[])[];
	readonly exemplars?: readonly Exemplar[];
}

/**
 * The examples that histories give, in the tokens of a bundle's cells.
 *
 * @param pool where the G-VAE of the bundle runs
 * @throws INVALID_ARGUMENT for histories without a use
 */
export async function refreshExamples(
	pool: SessionPool,
	request: ExampleRequest,
	base: Bundle,
	signal?: AbortSignal,
): Promise<RefreshExamples> {
	const made = await examplesOf(pool, request, base, signal);
	if (made.examples.flat().length >= 2) return made;
	throw invalidArgument("histories", "hold no two networks inside their bounds to train on.");
}

async function examplesOf(
	pool: SessionPool,
	{ histories, keep = DEFAULT_KEEP, exemplars: count, rescale = 0 }: ExampleRequest,
	base: Bundle,
	signal: AbortSignal | undefined,
): Promise<RefreshExamples> {
	const known = await readStageCells(base);
	const feasible = histories.map(feasibleOf);
	if (count === undefined && "clusters" in known) {
		for (const history of histories) requireClusters(history, known.clusters.length);
		return { examples: feasible.map((records) => learn(records, keep, rescale)) };
	}
	const exemplars = "exemplars" in known && count === undefined ? known.exemplars : count!;
	const basis = { gvae: join(base.folder, BUNDLE_LAYOUT.gvae), mixture: await readMixture(base) };
	return exemplarExamples(pool, { histories, keep, exemplars, rescale }, basis, signal);
}

/** What cells are described by. */
export interface CellBasis {
	/** Folder of the G-VAE, whose predictor gives cells their vectors. */
	readonly gvae: string;
	/** Clusters of vectors. */
	readonly mixture: Mixture;
}

/**
 * The examples that histories give in tokens of exemplars.
 *
 * @param pool where the G-VAE runs
 * @param request.exemplars those there are, or how many to choose from the cells of the histories
 */
export async function exemplarExamples(
	pool: SessionPool,
	request: Omit<ExampleRequest, "exemplars"> & { readonly exemplars: number | readonly Exemplar[] },
	{ gvae: folder, mixture }: CellBasis,
	signal?: AbortSignal,
): Promise<Required<RefreshExamples>> {
	const { histories, keep = DEFAULT_KEEP, exemplars: wanted, rescale = 0 } = request;
	const kept = histories.map(feasibleOf).map((records) => bestOf(records, keep));
	const gvae = await GvaeModel.load(pool, folder);
	const cells = await describedCells(kept.flat(), gvae, signal);
	const random = createRandom(0).fork("exemplars");
	const exemplars =
		typeof wanted === "number" ? await chooseExemplars(cells, wanted, mixture, { random, signal }) : wanted;
	const tokens = await nearestExemplars(cells, exemplars, gvae, signal);
	return { exemplars, examples: kept.map((records) => learn(records.map(inTokens(tokens)), 1, rescale)) };
}

/** Designs outside the bounds are nothing to imitate. */
function feasibleOf({ name, records }: RefreshHistory): EvolutionRecord[] {
	const target = records[0]?.target;
	if (records.some((record) => !sameTarget(record.target, target!)))
		throw invalidArgument("histories", `${name} mixes targets; a history answers one question.`);
	if (target !== undefined && !isSquareClassifier(target))
		throw invalidArgument(
			"histories",
			`${name} is about ${targetTitle(target)}; sequence generators learn from classifiers of square RGB images.`,
		);
	return records.filter(({ excess = 0 }) => excess === 0);
}

function bestOf(records: readonly EvolutionRecord[], keep: number): EvolutionRecord[] {
	const ranked = [...records].sort((a, b) => b.score - a.score);
	return ranked.slice(0, Math.ceil(keep * ranked.length));
}

/** A design whose stages name exemplars. */
function inTokens(tokens: ReadonlyMap<string, number>) {
	return (record: EvolutionRecord): EvolutionRecord => {
		const stages = record.design.stages.map((stage) => ({ ...stage, cluster: tokens.get(stage.cell.hash)! }));
		return { ...record, design: { ...record.design, stages } };
	};
}

function learn(records: readonly EvolutionRecord[], keep: number, rescale: number): SequenceExample[] {
	const [first] = records;
	if (first === undefined) return [];
	const own = examplesFromHistory(records.map(withShape), taskOf(first), keep);
	const random = createRandom(0).fork("rescale");
	const others = bestOf(records, keep).flatMap((record, rank, kept) =>
		Array.from({ length: rescale }, (_, i) => {
			const changed = rescaled(record, random.fork(`${rank}/${i}`));
			const [example] = examplesFromHistory([withShape(changed)], taskOf(changed), 1);
			// As often in all as the network itself.
			return { ...example!, weight: rankWeight(rank, kept.length) / rescale };
		}),
	);
	return [...own, ...others];
}

function taskOf({ target: { size, classes } }: EvolutionRecord) {
	return { inputSize: size, classes };
}

/** Clusters mean something for the model that the search drew its cells from, and nothing for another. */
function requireClusters({ name, records }: RefreshHistory, clusters: number): void {
	const found = records.flatMap(({ design }) => design.stages.map(({ cluster }) => cluster));
	const highest = found.reduce((most, cluster) => Math.max(most, cluster), 0);
	if (highest < clusters) return;
	throw invalidArgument(
		"histories",
		`${name} has a cluster ${highest}, the base version only ${clusters}; use histories of that version's cells.`,
		"FOREIGN_CLUSTERS",
	);
}
