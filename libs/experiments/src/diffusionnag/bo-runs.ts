import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import {
	type AcquisitionName,
	type BayesianOptions,
	type CandidateSource,
	type GaussianProcess,
	mixedCandidates,
	mutationCandidates,
	optimizeArchitectures,
	randomCandidates,
} from "@archgen/bayesian-optimization";
import { writeWhole } from "@archgen/files";
import { fingerprint, type PropertyTableFile, type RunContext, type ScoreFolder } from "@archgen/pipeline";
import { createRandom, type Random } from "@archgen/random";
import type { SearchSpace } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import { rowFinder } from "../table-rows.js";
import { type GuidedOptions, guidedCandidates } from "./guided-candidates.js";

/** Searches on one table. */
export interface BoTask<A> {
	readonly space: SearchSpace<A>;
	readonly file: PropertyTableFile<A>;
	readonly score: ScoreFolder;
	readonly guided: GuidedOptions;
	readonly options: Omit<BayesianOptions, "acquisition" | "seed">;
	/** Folder of finished searches, which are not made again. */
	readonly work: string;
}

/** One search. */
export interface BoSearch {
	/** Data set by the stem of its columns. */
	readonly dataSet: string;
	readonly source: BoSource;
	readonly acquisition: AcquisitionName;
	readonly seed: number;
}

type Source<A> = CandidateSource<A, GaussianProcess<A>>;

/** Sources of candidates that the paper compares (section 3.2). */
const SOURCES = {
	random: <A>(_pool: SessionPool, { space }: BoTask<A>): Source<A> => randomCandidates(space),
	mutation: <A>(_pool: SessionPool, { space }: BoTask<A>): Source<A> => mutationCandidates(space),
	"mutation + random": <A>(_pool: SessionPool, { space }: BoTask<A>): Source<A> =>
		mixedCandidates(mutationCandidates(space), randomCandidates(space)),
	guided: <A>(pool: SessionPool, { space, score, guided }: BoTask<A>, random: Random): Source<A> =>
		guidedCandidates(pool, space, score.score, guided, random),
} as const;

export type BoSource = keyof typeof SOURCES;

/** Names of the sources. */
export const BO_SOURCES = Object.keys(SOURCES) as readonly BoSource[];

/** Rows of the table that a search evaluates, in order; read from the work folder where it is there. */
export async function boSearch<A>(
	context: RunContext,
	pool: SessionPool,
	task: BoTask<A>,
	search: BoSearch,
): Promise<readonly number[]> {
	const { space, file, options, work } = task;
	const { dataSet, source, acquisition, seed } = search;
	const guided = source === "guided" ? task.guided : null;
	const identity = fingerprint("bo/1", { space: space.name, options, guided, search }, file.digest);
	const path = join(work, `bo-${identity.slice(0, 16)}.json`);
	const known = await readFile(path, "utf8").catch(() => undefined);
	if (known !== undefined) return JSON.parse(known) as number[];
	const rowOf = rowFinder(space, file.table);
	const values = file.table.columns[`${dataSet}_val`]!;
	const evaluations = await optimizeArchitectures(
		{ ...options, acquisition, seed },
		{
			space,
			evaluate: (architecture) => values[rowOf(architecture)!]!,
			source: SOURCES[source](pool, task, createRandom(seed).fork("examples")),
		},
		{ signal: context.signal },
	);
	const rows = evaluations.map(({ architecture }) => rowOf(architecture)!);
	await mkdir(work, { recursive: true });
	await writeWhole(path, JSON.stringify(rows));
	return rows;
}
