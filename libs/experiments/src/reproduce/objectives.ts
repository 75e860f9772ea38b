import { type CcnfConfig, CcnfModel, type FlowData, type Objective } from "@archgen/ccnf";
import { type CellModels, encodeRandomCells, measureCcnf } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { mean, standardDeviation } from "@archgen/statistics";
import type { SessionPool } from "@archgen/tensor-graph";
import { flowDraw, type Sampling } from "./draws.js";
import { type MethodRow, methodRow } from "./rows.js";
import { type Measuring, ScoredCells } from "./scored-cells.js";
import { referenceTargets } from "./targets.js";
import { type CpuTimeTask, trainForCpuTime } from "./train-for-cpu-time.js";

/** What one objective came to. */
export interface ObjectiveResult {
	readonly objective: Objective;
	readonly steps: number;
	/** CPU seconds of training, without measuring. */
	readonly cpuSeconds: number;
	/** Mean −ln p(latent | z) of cells that were not trained on, in nats, by Hutchinson's estimator. */
	readonly heldOutNll: number;
	/** Standard error of that mean. */
	readonly heldOutNllError: number;
	/** Synonyms around all cluster means, see `measureCcnf`. */
	readonly synonyms: Readonly<Record<string, number>>;
	/** The flow's row of Table 1 around the best NATS-Bench cell. */
	readonly table1: MethodRow;
}

export interface ObjectivesTask extends Sampling {
	/** Flows by objective; "nll" and "flow-matching". */
	readonly configs: readonly CcnfConfig[];
	readonly pool: SessionPool;
	readonly models: CellModels;
	readonly measuring: Measuring;
	readonly temperature: number;
	/** Random cells that are learned. */
	readonly cells: number;
	/** Further random cells to measure the likelihood on. */
	readonly heldOutCells: number;
	readonly training: Omit<CpuTimeTask, "pool" | "data" | "config" | "path" | "dataIdentity" | "signal">;
	/** Where checkpoints stand, by objective. */
	readonly checkpointOf: (objective: Objective) => string;
}

/** Gaussian probes of Hutchinson's estimator. */
const PROBES = 2;

/** Trains the field with each objective for the same CPU time on the same latents and measures what came out. */
export async function compareObjectives(task: ObjectivesTask): Promise<ObjectiveResult[]> {
	const { pool, models, seed, cells, signal, checkpointOf } = task;
	const random = createRandom(seed).fork("objectives");
	const data = await encodeRandomCells(models.gvae, random.fork("latents"), cells, signal);
	const heldOut = await encodeRandomCells(models.gvae, random.fork("held-out"), task.heldOutCells, signal);
	const scored = new ScoredCells(task.measuring, models.standardizer);
	const results: ObjectiveResult[] = [];
	for (const config of task.configs) {
		const { flow, ...trained } = await trainForCpuTime({
			...task.training,
			...{ pool, data, config, signal },
			dataIdentity: `${models.identity}, seed ${seed}, ${cells} cells`,
			path: checkpointOf(config.objective),
		});
		const ccnf = await CcnfModel.fromFlow(pool, flow);
		const measured = await measure(task, { ...models, ccnf }, heldOut, scored);
		results.push({ objective: config.objective, ...trained, ...measured });
		await ccnf.release();
	}
	return results;
}

async function measure(task: ObjectivesTask, models: CellModels, heldOut: FlowData, scored: ScoredCells) {
	const { seed, signal, temperature } = task;
	const random = createRandom(seed).fork("objectives").fork("measure");
	const { ccnf } = models;
	const trace = { kind: "hutchinson", probes: PROBES, random: random.fork("probes") } as const;
	const nll = [...(await ccnf.logDensity(heldOut, { trace, signal }))].map((density) => -density);
	const [target] = await referenceTargets({ models, scored, signal }, 0, random);
	const draw = await flowDraw(models, target!, task, temperature);
	await scored.measure(`${ccnf.description.objective}, table 1`, draw.seeds.flat());
	return {
		heldOutNll: mean(nll),
		heldOutNllError: standardDeviation(nll) / Math.sqrt(nll.length),
		synonyms: await measureCcnf(models, {
			temperature: 0.4,
			perCluster: 16,
			random: random.fork("synonyms"),
			signal,
		}),
		table1: methodRow(draw, scored, target!.z),
	};
}
