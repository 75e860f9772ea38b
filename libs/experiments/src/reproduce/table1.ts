import type { ZcVector } from "@archgen/design";
import type { CellModels } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { mean } from "@archgen/statistics";
import { chooseNeighbourhood, type EpsilonTrial } from "./baseline.js";
import { type Draw, flowDraw, type Method, randomDraw, type Sampling, uniqueness } from "./draws.js";
import { type MethodRow, methodRow } from "./rows.js";
import { type Measuring, ScoredCells } from "./scored-cells.js";
import { clusterTargets, referenceTargets, type Table1Target } from "./targets.js";

/** Table 1 around one target. */
export interface TargetTable {
	readonly target: { readonly name: string; readonly kind: Table1Target["kind"]; readonly z: ZcVector };
	/** Random, neighbourhood, CCNF. */
	readonly rows: readonly MethodRow[];
	/** The neighbourhoods that were compared for the baseline. */
	readonly neighbourhoods: readonly EpsilonTrial[];
}

/** All targets of a kind together. */
export interface Summary {
	readonly kind: Table1Target["kind"];
	readonly targets: number;
	/** Targets to which the flow's cells are nearer, on average, than the neighbourhood's. */
	readonly ccnfNearer: number;
	/** Targets at which every sample of the flow gave a cell. */
	readonly ccnfComplete: number;
	/** Mean over targets of the mean ZC distance. */
	readonly zcDistance: Readonly<Record<Method, number>>;
	/** Mean over targets of the uniqueness. */
	readonly uniqueness: Readonly<Record<Method, number>>;
}

export interface Table1 {
	readonly samples: number;
	readonly seeds: number;
	readonly tables: readonly TargetTable[];
	readonly summaries: readonly Summary[];
}

/** What the table stands on. */
export interface Table1Task extends Sampling {
	readonly models: CellModels;
	readonly measuring: Measuring;
	/** Random references beside the best NATS-Bench cell. */
	readonly references: number;
	/** Whether the means of all clusters are targets as well. */
	readonly clusterMeans: boolean;
	/** Temperature of the flow around each kind of target. */
	readonly temperatures: Readonly<Record<Table1Target["kind"], number>>;
}

/**
 * Cells around targets, sampled in three ways: at random, in the neighbourhood of the latent, and by the flow. The random cells are the
 * same for every target.
 */
export async function table1(task: Table1Task): Promise<Table1> {
	const { models, signal, samples, seeds } = task;
	const scored = new ScoredCells(task.measuring, models.standardizer);
	const random = randomDraw(task);
	const source = { models, scored, signal };
	const targets = [
		...(await referenceTargets(source, task.references, createRandom(task.seed).fork("references"))),
	];
	await scored.measure("random cells", random.seeds.flat());
	if (task.clusterMeans) {
		const cells = random.seeds.flat().filter((cell) => cell !== null);
		targets.push(...(await clusterTargets(source, cells)));
	}
	const tables: TargetTable[] = [];
	for (const target of targets) tables.push(await targetTable(task, scored, target, random));
	return { samples, seeds, tables, summaries: summarize(tables) };
}

async function targetTable(
	task: Table1Task,
	scored: ScoredCells,
	target: Table1Target,
	random: Draw,
): Promise<TargetTable> {
	const { models, temperatures } = task;
	const flow = await flowDraw(models, target, task, temperatures[target.kind]);
	await scored.measure(`${target.name}, ccnf`, flow.seeds.flat());
	const near = await chooseNeighbourhood(models, scored, target, task, uniqueness(flow));
	return {
		target: { name: target.name, kind: target.kind, z: target.vector },
		rows: [methodRow(random, scored, target.z), near.row, methodRow(flow, scored, target.z)],
		neighbourhoods: near.trials,
	};
}

/** Counts and means over the targets of each kind. */
export function summarize(tables: readonly TargetTable[]): Summary[] {
	const kinds = [...new Set(tables.map(({ target }) => target.kind))];
	return kinds.map((kind) => {
		const of = tables.filter(({ target }) => target.kind === kind);
		const row = ({ rows }: TargetTable, method: Method) => rows.find((found) => found.method === method)!;
		const average = (value: (found: MethodRow) => number) => ({
			random: mean(of.map((entry) => value(row(entry, "random")))),
			neighbourhood: mean(of.map((entry) => value(row(entry, "neighbourhood")))),
			ccnf: mean(of.map((entry) => value(row(entry, "ccnf")))),
		});
		const distance = (entry: TargetTable, method: Method) => row(entry, method).zcDistance.mean;
		return {
			kind,
			targets: of.length,
			ccnfNearer: of.filter((entry) => distance(entry, "ccnf") < distance(entry, "neighbourhood")).length,
			ccnfComplete: of.filter((entry) => row(entry, "ccnf").successes === row(entry, "ccnf").samples).length,
			zcDistance: average(({ zcDistance }) => zcDistance.mean),
			uniqueness: average((found) => found.uniqueness),
		};
	});
}
