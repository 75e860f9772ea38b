import type { PropertyTableFile, RunContext } from "@archgen/pipeline";
import type { ArchitectureSpace } from "@archgen/search-space";
import { quantile } from "@archgen/statistics";
import { SessionPool } from "@archgen/tensor-graph";
import { bestRow } from "../table-rows.js";
import { DenoiserDraws, type DinasJob } from "./denoiser-draws.js";
import { accuraciesOf, RANDOM_REPEATS } from "./reproduce-nb201.js";
import { randomSearches, type SearchResult, searchResult } from "./searches.js";

export interface HardwareJob extends DinasJob {
	/** Devices by the stem of their column: DEVICE_ms. */
	readonly devices: readonly string[];
	/** Bounds, as the shares of all architectures that meet them. */
	readonly bounds: readonly number[];
	/** Part of a bound by which that of the learnt class is smaller, so that samples near it are within the bound; 0 for none. */
	readonly margin: number;
	/** Labelled architectures to train on. */
	readonly labels: number;
}

/** Searches under a bound of latency; accuracies are those of the samples within it. */
export interface HardwareRow extends SearchResult {
	readonly device: string;
	/** Milliseconds. */
	readonly bound: number;
	readonly dataSet: string;
	readonly method: "optimum" | "random" | "discrete";
	readonly guidance: number | null;
	/** Share of the valid samples that are within the bound. */
	readonly inside: number;
	/** Share of the samples that are valid. */
	readonly validity: number;
}

/** One bound of one device. */
interface Constraint {
	readonly device: string;
	readonly bound: number;
}

/** Columns of the devices. */
export function deviceColumns(devices: readonly string[]): string[] {
	return devices.map((device) => `${device}_ms`);
}

/** Best architectures within bounds of latency by denoisers under two conditions, beside the exact optimum and random search. */
export async function reproduceHardware<A>(
	context: RunContext,
	space: ArchitectureSpace<A>,
	file: PropertyTableFile<A>,
	job: HardwareJob,
): Promise<HardwareRow[]> {
	const pool = SessionPool.create({ workers: job.workers, threadsPerWorker: 1 });
	const rows: HardwareRow[] = [];
	try {
		for (const device of job.devices)
			for (const share of job.bounds) {
				const bound = quantile(file.table.columns[`${device}_ms`]!, share);
				const margin = job.margin === 0 ? "" : `-margin-${job.margin}`;
				const name = `${device}-${share}${margin}-${job.labels}`;
				rows.push(...(await constrained(pool, context, space, file, job, { device, bound }, name)));
			}
		return rows;
	} finally {
		await pool.close();
	}
}

async function constrained<A>(
	pool: SessionPool,
	context: RunContext,
	space: ArchitectureSpace<A>,
	file: PropertyTableFile<A>,
	job: HardwareJob,
	constraint: Constraint,
	name: string,
): Promise<HardwareRow[]> {
	const { dataSets, share, labels, guidances, queries, margin } = job;
	const latency = `${constraint.device}_ms`;
	const rows: HardwareRow[] = [];
	for (const dataSet of dataSets) {
		// A denoiser of its own: with conditions of other data sets, which searches leave out, it would see the two that are asked for in few rows.
		const targets = [
			{ kind: "top" as const, column: `${dataSet}_val`, share },
			{ kind: "within" as const, column: latency, most: constraint.bound * (1 - margin) },
		];
		const own = { ...job, dataSets: [dataSet] };
		const training = { name, targets, rows: labels };
		const denoiser = await DenoiserDraws.open(pool, context, space, file, own, training);
		const shared = { ...constraint, dataSet };
		const random = randomSearches(file.table.architectures.length, queries, RANDOM_REPEATS);
		const optimum = constrainedOptimum(file, dataSet, constraint);
		rows.push({
			...shared,
			method: "optimum",
			guidance: null,
			validity: 1,
			...result(file, shared, [[optimum]]),
		});
		rows.push({ ...shared, method: "random", guidance: null, validity: 1, ...result(file, shared, random) });
		const conditions = [
			{ metric: `${dataSet}_val`, class: "top" },
			{ metric: latency, class: "within" },
		];
		for (const guidance of guidances) {
			const title = `${dataSet} on ${constraint.device} within ${constraint.bound} ms, W ${guidance}`;
			const { searches, validity } = await denoiser.draw(title, conditions, guidance);
			rows.push({ ...shared, method: "discrete", guidance, validity, ...result(file, shared, searches) });
		}
		await denoiser.release();
	}
	return rows;
}

function constrainedOptimum<A>(file: PropertyTableFile<A>, dataSet: string, constraint: Constraint): number {
	const { validation } = accuraciesOf(file, dataSet);
	return bestRow(within(file, constraint, [...validation.keys()]), validation)!;
}

function within<A>({ table }: PropertyTableFile<A>, { device, bound }: Constraint, rows: readonly number[]) {
	const latency = table.columns[`${device}_ms`]!;
	return rows.filter((row) => latency[row]! <= bound);
}

function result<A>(
	file: PropertyTableFile<A>,
	{ dataSet, ...constraint }: Constraint & { readonly dataSet: string },
	searches: readonly (readonly number[])[],
): SearchResult & { readonly inside: number } {
	const kept = searches.map((rows) => within(file, constraint, rows));
	const [all, inside] = [searches.flat().length, kept.flat().length];
	const optimum = constrainedOptimum(file, dataSet, constraint);
	return { inside: inside / all, ...searchResult(accuraciesOf(file, dataSet), kept, optimum) };
}
