import type { PropertyTableFile, RunContext, ScoreFolder } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import type { SearchSpace } from "@archgen/search-space";
import { mean, quantile } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";
import { table } from "@archgen/text";
import { frontOf, volumeIn } from "./fronts.js";
import { type FrontSearch, guidedFront } from "./guided-front.js";
import { type ObjectiveModels, type Objectives, objectiveModels } from "./objectives.js";

export interface FrontJob extends FrontSearch {
	/** Data sets by the stem of their column STEM_val. */
	readonly dataSets: readonly string[];
	/** Devices by the stem of their column DEVICE_ms. */
	readonly devices: readonly string[];
	/** Labelled rows of the surrogates. */
	readonly labels: number;
	readonly workers: number;
}

/** Architectures of one kind, by their true objectives. */
export interface FrontRow {
	readonly dataSet: string;
	readonly device: string;
	/** `guided`: distinct samples that the table has; `filtered`: their front by prediction. */
	readonly set: "exact front" | "guided" | "filtered" | "random";
	/** Architectures whose true objectives are needed. */
	readonly architectures: number;
	/** Architectures of the exact front among them. */
	readonly onFront: number;
	/** Dominated volume, in parts of that of the exact front. */
	readonly ratio: number;
	/** The same where only accuracies above the table's median count. */
	readonly upperRatio: number;
	/** Share of the samples that are valid; null where nothing is sampled by a model. */
	readonly validity: number | null;
}

/** Random sets that a row averages over. */
const RANDOM_SETS = 20;

/** Fronts of accuracy, parameters, MACs and latency: the exact one of a table, those of guided samples and of as many random ones. */
export async function reproduceFronts<A>(
	context: RunContext,
	space: SearchSpace<A>,
	file: PropertyTableFile<A>,
	{ score }: ScoreFolder,
	job: FrontJob,
): Promise<FrontRow[]> {
	const pool = SessionPool.create({ workers: job.workers, threadsPerWorker: 1 });
	const rows: FrontRow[] = [];
	try {
		for (const dataSet of job.dataSets)
			for (const device of job.devices) {
				const columns = { accuracy: `${dataSet}_val`, latency: `${device}_ms` };
				const models = objectiveModels(space, file, columns, job.labels, job.seed);
				const total = job.trials * job.samplesOfTrial + job.samples;
				const progress = context.startProgress({ title: `${dataSet} on ${device}`, total });
				const hooks = { signal: context.signal, onProgress: (done: number) => progress.update(done) };
				const guided = await guidedFront(pool, space, score, models, job, hooks).finally(() =>
					progress.stop(),
				);
				rows.push(...rowsOf(models, guided, { dataSet, device }));
			}
		return rows;
	} finally {
		await pool.close();
	}
}

function rowsOf<A>(
	{ rows, predict, rowOf }: ObjectiveModels<A>,
	{ architectures, validity }: { readonly architectures: readonly A[]; readonly validity: number },
	name: Pick<FrontRow, "dataSet" | "device">,
): FrontRow[] {
	const exact = frontOf(rows);
	const isExact = new Set(exact);
	const median = quantile(
		rows.map(([accuracy]) => accuracy),
		0.5,
	);
	const ratios = [volumeIn(rows), volumeIn(rows, median)].map((volume) => {
		const whole = volume(exact.map((row) => rows[row]!));
		return (points: readonly Objectives[]) => volume(points) / whole;
	});
	const rowFor = (
		set: FrontRow["set"],
		sets: readonly (readonly number[])[],
		share: number | null,
	): FrontRow => {
		const average = (value: (chosen: readonly number[]) => number) => mean(sets.map(value));
		const ratio = (k: number) => average((chosen) => ratios[k]!(chosen.map((row) => rows[row]!)));
		return {
			...{ ...name, set, validity: share, ratio: ratio(0), upperRatio: ratio(1) },
			architectures: average((chosen) => chosen.length),
			onFront: average((chosen) => chosen.filter((row) => isExact.has(row)).length),
		};
	};
	const known = architectures.filter((architecture) => rowOf(architecture) !== undefined);
	const guided = known.map((architecture) => rowOf(architecture)!);
	const filtered = frontOf(known.map(predict)).map((place) => guided[place]!);
	const random = createRandom(0).fork("random-fronts");
	const drawn = Array.from({ length: RANDOM_SETS }, () => guided.map(() => random.integer(rows.length)));
	return [
		rowFor("exact front", [exact], null),
		rowFor("guided", [guided], validity),
		rowFor("filtered", [filtered], validity),
		rowFor("random", drawn, null),
	];
}

/** A row for each data set, device and set. */
export function describeFronts(rows: readonly FrontRow[]): string {
	const shown = rows.map(({ dataSet, device, set, architectures, onFront, ratio, upperRatio, validity }) => [
		...[dataSet, device, set, architectures, onFront.toFixed(1)],
		...[ratio.toFixed(4), upperRatio.toFixed(4), validity === null ? "" : (100 * validity).toFixed(1)],
	]);
	const head = ["data set", "device", "set", "architectures", "of the exact front"];
	return table([...head, "volume ratio", "above median accuracy", "valid %"], shown);
}
