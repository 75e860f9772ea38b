import { cpus } from "node:os";
import { throwIfAborted } from "@archgen/errors";
import {
	describeSite,
	type LatencyEntry,
	LatencyModel,
	type LatencyTable,
	type ProfileGrid,
	profileSites,
} from "@archgen/latency";
import { createRandom, type Random } from "@archgen/random";
import { lowerNetwork, macroNetwork, type Network, randomCell } from "@archgen/search-space";
import { mean, spearman } from "@archgen/statistics";
import type { Runtime } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import { type Clock, measureSite, timeRun } from "./measure.js";

/** Grids by name. */
export const GRIDS: Readonly<Record<"small" | "full", ProfileGrid>> = {
	small: {
		channels: [8, 32, 128],
		resolutions: [4, 16, 64],
		mostWork: 4e8,
		inputs: [32, 224],
		classes: [10, 1000],
	},
	full: {
		channels: [8, 16, 32, 64, 128, 256],
		resolutions: [4, 8, 16, 32, 64, 112],
		mostWork: 1e9,
		inputs: [32, 64, 128, 224],
		classes: [10, 100, 1000],
	},
};

/** Measures every site of a grid. */
export async function profile(
	context: RunContext,
	runtime: Runtime,
	grid: ProfileGrid,
	clock: Clock,
	device = cpus()[0]?.model ?? "CPU",
): Promise<LatencyTable> {
	const sites = profileSites(grid);
	const entries: LatencyEntry[] = [];
	const progress = context.startProgress({ title: "operations", total: sites.length });
	try {
		for (const site of sites) {
			throwIfAborted(context.signal);
			entries.push({ ...site, ms: await measureSite(runtime, site, clock) });
			progress.update(entries.length, describeSite(site));
		}
	} finally {
		progress.stop();
	}
	return { device, entries };
}

/** How well a table predicts whole networks. */
export interface LatencyCheck {
	readonly networks: readonly {
		readonly predictedMs: number;
		readonly errorMs: number;
		readonly measuredMs: number;
	}[];
	/** Rank correlation of predicted and measured. */
	readonly spearman: number;
	/** Mean of |predicted − measured| / measured. */
	readonly meanError: number;
	/** Part of the networks whose measured time lies within two standard deviations of the prediction. */
	readonly withinTwoErrors: number;
}

/** Measures random networks and compares. */
export async function checkPredictions(
	context: RunContext,
	runtime: Runtime,
	table: LatencyTable,
	clock: Clock,
	{ count, seed }: { readonly count: number; readonly seed: number },
): Promise<LatencyCheck> {
	const model = new LatencyModel(table);
	const random = createRandom(seed).fork("networks");
	const networks: LatencyCheck["networks"][number][] = [];
	const progress = context.startProgress({ title: "networks", total: count });
	try {
		for (let i = 0; i < count; i++) {
			throwIfAborted(context.signal);
			const network = randomNetwork(random.fork(i));
			const { ms, errorMs } = model.predict(network);
			const measuredMs = await timeRun(runtime, lowerNetwork(network), clock);
			networks.push({ predictedMs: ms, errorMs, measuredMs });
			progress.update(i + 1);
		}
	} finally {
		progress.stop();
	}
	const predicted = networks.map(({ predictedMs }) => predictedMs);
	const measured = networks.map(({ measuredMs }) => measuredMs);
	const errors = networks.map(
		({ predictedMs, measuredMs }) => Math.abs(predictedMs - measuredMs) / measuredMs,
	);
	const within = networks.filter((each) => Math.abs(each.predictedMs - each.measuredMs) <= 2 * each.errorMs);
	return {
		networks,
		spearman: spearman(predicted, measured),
		meanError: mean(errors),
		withinTwoErrors: within.length / count,
	};
}

/** Four stages of random cells, growing as stages do, at 32 to 96 pixels. */
function randomNetwork(random: Random): Network {
	const first = 8 * (1 + random.integer(4));
	const stages = [1, 2, 4, 6].map((factor, i) => ({
		cell: randomCell(random),
		channels: 8 * Math.max(1, Math.round((first * factor) / 8)),
		stride: i === 0 ? (1 as const) : random.pick([1, 2, 2] as const),
		repeats: 1 + random.integer(3),
	}));
	const size = random.pick([32, 48, 64, 96]);
	return macroNetwork(stages, 8 * (8 + random.integer(8)), { size, classes: random.pick([10, 100]) });
}
