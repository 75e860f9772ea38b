import { RANDOM_CELLS } from "@archgen/design";
import type { Bundle } from "@archgen/models";
import {
	loadLocalGenerator,
	loadVectorDraws,
	type RunContext,
	type VectorDraw,
	type VectorModels,
	vectorCells,
} from "@archgen/pipeline";
import type { ProxyName } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { trainingArchitectures } from "@archgen/score-diffusion";
import { type Cell, cellsSpace, mutateCell, randomCell } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";
import { table } from "@archgen/text";
import { type GeneratorTarget, generatorTargets } from "./generator-targets.js";
import { type CellMeasures, type DrawnCells, measureCells } from "./measure-cells.js";
import {
	describeNetworks,
	GENERATOR_BUDGET_NAMES,
	type NetworksRow,
	networksUnder,
} from "./networks-under.js";

/** A comparison of the cell generators of a bundle. */
export interface GeneratorsJob {
	/** Samples of each generator, temperature and target. */
	readonly samples: number;
	/** Random cells that are references, beside the best NATS-Bench cell. */
	readonly references: number;
	/** Scales of the noise. */
	readonly temperatures: readonly number[];
	/** Networks with the cells of each generator under each of three budgets, all of them scored; 0 leaves them out. */
	readonly networks: number;
	/** What they are scored by. */
	readonly proxy: ProxyName;
	/** Scoring processes. */
	readonly workers: number;
	readonly seed: number;
}

/** One generator at one temperature over the targets of a kind. */
export interface GeneratorRow extends CellMeasures {
	readonly generator: string;
	/** Null for generators without noise. */
	readonly temperature: number | null;
	readonly targets: GeneratorTarget["kind"];
	/** Milliseconds for a cell, all targets in one batch and on one thread. */
	readonly milliseconds: number;
}

export interface GeneratorsReport extends GeneratorsJob {
	readonly bundle: string;
	readonly rows: readonly GeneratorRow[];
	readonly networkRows: readonly NetworksRow[];
}

/** Cells for each target, as many as samples. */
type Way = (targets: readonly GeneratorTarget[], samples: number) => Promise<readonly DrawnCells[]>;

/** Random cells that count as known: those that a diffusion is trained on unless told otherwise. */
const KNOWN = 100_000;

/** Measures every cell generator of a bundle, mutations of the targets' cells, and random cells. */
export async function reproduceGenerators(
	context: RunContext,
	bundle: Bundle,
	job: GeneratorsJob,
): Promise<GeneratorsReport> {
	const { signal } = context;
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
	const { models, sequences, close } = await loadLocalGenerator(bundle, pool, 1);
	try {
		const draws = await loadVectorDraws(bundle, pool);
		const ways = waysOf(draws, job, signal);
		const budgets = job.networks > 0 ? GENERATOR_BUDGET_NAMES : [];
		const total = ways.length + budgets.length * (draws.size + 1);
		const progress = context.startProgress({ title: "generators", total });
		const targets = await generatorTargets(models, job.references, job.seed, signal);
		const known = knownCells();
		const rows: GeneratorRow[] = [];
		const networkRows: NetworksRow[] = [];
		let done = 0;
		try {
			for (const { way, ...named } of ways) {
				rows.push(...(await measureWay(models, named, way, { targets, known, job, signal })));
				progress.update(++done);
			}
			const cells = new Map([...draws].map(([name, draw]) => [name, vectorCells(models, draw)]));
			cells.set("random", RANDOM_CELLS);
			const how = { ...job, sequences, signal, onDone: () => progress.update(++done) };
			for (const budget of budgets) networkRows.push(...(await networksUnder(budget, cells, how)));
		} finally {
			progress.stop();
		}
		const { name, version } = bundle.manifest;
		return { bundle: `${name} ${version}`, ...job, rows, networkRows };
	} finally {
		await close();
		await pool.close();
	}
}

type Named = Pick<GeneratorRow, "generator" | "temperature">;

function waysOf(
	draws: ReadonlyMap<string, VectorDraw>,
	{ temperatures, seed }: GeneratorsJob,
	signal: AbortSignal,
): readonly (Named & { readonly way: Way })[] {
	const random = (name: string) => createRandom(seed).fork(name);
	const cells =
		(draw: (target: GeneratorTarget, i: number) => Cell): Way =>
		async (targets, samples) =>
			targets.map((target, t) => ({
				asked: target.vector,
				cells: Array.from({ length: samples }, (_, i) => ({
					cell: draw(target, t * samples + i),
					valid: true,
				})),
			}));
	const [mutations, free] = [random("neighbourhood"), random("random")];
	return [
		...[...draws].flatMap(([generator, draw]) =>
			temperatures.map((temperature) => {
				const way = underVectors(draw, temperature, random(generator), signal);
				return { generator, temperature, way };
			}),
		),
		{
			...{ generator: "neighbourhood", temperature: null },
			way: cells(({ cell }, i) => mutateCell(cell, mutations.fork(i))),
		},
		{ generator: "random", temperature: null, way: cells((_, i) => randomCell(free.fork(i))) },
	];
}

/** All targets as one batch. */
function underVectors(
	draw: VectorDraw,
	temperature: number,
	random: ReturnType<typeof createRandom>,
	signal: AbortSignal,
): Way {
	return async (targets, samples) => {
		const vectors = targets.flatMap(({ vector }) => Array<readonly number[]>(samples).fill(vector));
		const drawn = await draw(vectors, { temperature, random, signal });
		return targets.map(({ vector }, t) => ({
			asked: vector,
			cells: drawn.slice(t * samples, (t + 1) * samples),
		}));
	};
}

async function measureWay(
	models: VectorModels,
	named: Named,
	way: Way,
	{
		targets,
		known,
		job: { samples },
		signal,
	}: {
		readonly targets: readonly GeneratorTarget[];
		readonly known: ReadonlySet<string>;
		readonly job: GeneratorsJob;
		readonly signal: AbortSignal;
	},
): Promise<GeneratorRow[]> {
	// the first call compiles
	await way(targets.slice(0, 1), 1);
	const began = performance.now();
	const drawn = await way(targets, samples);
	const milliseconds = (performance.now() - began) / (targets.length * samples);
	const kinds = ["reference", "cluster mean"] as const;
	return Promise.all(
		kinds.map(async (kind) => {
			const own = drawn.filter((_, t) => targets[t]!.kind === kind);
			return { ...named, targets: kind, ...(await measureCells(models, own, known, signal)), milliseconds };
		}),
	);
}

function knownCells(): ReadonlySet<string> {
	const set = { space: cellsSpace.name, architectures: KNOWN, seed: 0 };
	return new Set(trainingArchitectures(cellsSpace, set).map(({ hash }) => hash));
}

/** Tables for people. */
export function describeGenerators({ rows, networkRows, samples }: GeneratorsReport): string {
	const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
	const head = [
		"generator",
		"temperature",
		"around",
		"distance",
		"nearest ¼",
		"valid",
		"distinct",
		"new",
		"ms",
	];
	return [
		table(
			head,
			rows.map((row) => [
				...[row.generator, row.temperature ?? "", `${row.targets}s`],
				...[row.distance.toFixed(2), row.nearest.toFixed(2), percent(row.validity)],
				...[percent(row.uniqueness), percent(row.novelty), row.milliseconds.toFixed(1)],
			]),
		),
		`${samples} samples for each target; distances are L1 in standardised scale, with exact counts and the predictor's NASWOT and SNIP-SSNR`,
		...(networkRows.length > 0 ? ["", describeNetworks(networkRows)] : []),
	].join("\n");
}
