import { throwIfAborted } from "@archgen/errors";
import { type LatencyEntry, LatencyModel, type LatencyTable } from "@archgen/latency";
import { createRandom } from "@archgen/random";
import type { Network } from "@archgen/search-space";
import { mean, spearman } from "@archgen/statistics";
import type { RunContext } from "../run-context.js";
import { drawNetwork } from "./draw-network.js";
import { scaledTo, type Timing, timeNetwork, timeSites } from "./measure.js";
import type { SiteTime } from "./site-times.js";

/** What an operation costs at least, in milliseconds: one that runs inside another has no time of its own, and a table knows no 0. */
const LEAST_MS = 0.0001;
/** Networks beyond those asked for that are profiled while the table has gaps. */
const MOST_FURTHER = 500;

/** Rounds over all networks, of which the fastest counts for each: whatever else the machine does, for seconds often, makes runs slower only. */
const ROUNDS = 5;

/** A profiled network. */
interface Profiled {
	readonly network: Network;
	/** While it was profiled. */
	readonly times: readonly SiteTime[];
}

/** Profiles random networks, and further ones while a kind of operation is missing, into the mean time of each operation at each place. */
export async function profile(
	context: RunContext,
	timing: Timing,
	{ networks, device }: { readonly networks: number; readonly device: string },
): Promise<LatencyTable> {
	const profiled = await profileAll(context, timing, networks);
	const wholes = await fastestRuns(
		context,
		timing,
		profiled.map(({ network }) => network),
	);
	return { device, entries: entriesOf(profiled.flatMap(({ times }, i) => scaledTo(wholes[i]!, times))) };
}

async function profileAll(context: RunContext, timing: Timing, networks: number): Promise<Profiled[]> {
	const random = createRandom(0).fork("profiled");
	const profiled: Profiled[] = [];
	const progress = context.startProgress({ title: "profiled networks", total: networks });
	const hasGaps = () =>
		new LatencyModel({ device: "", entries: entriesOf(profiled.flatMap(({ times }) => times)) }).gaps.length >
		0;
	try {
		for (let i = 0; i < networks || (i < networks + MOST_FURTHER && hasGaps()); i++) {
			throwIfAborted(context.signal);
			const network = drawNetwork(random.fork(i));
			profiled.push({ network, times: await timeSites(network, timing) });
			progress.update(Math.min(networks, i + 1));
		}
	} finally {
		progress.stop();
	}
	return profiled;
}

/** Milliseconds of the fastest run of each network in {@link ROUNDS}. */
async function fastestRuns(
	{ signal, startProgress }: RunContext,
	timing: Timing,
	networks: readonly Network[],
): Promise<number[]> {
	const fastest = networks.map(() => Number.POSITIVE_INFINITY);
	const progress = startProgress({ title: "runs of networks", total: ROUNDS * networks.length });
	try {
		for (let turn = 0; turn < ROUNDS * networks.length; turn++) {
			throwIfAborted(signal);
			const i = turn % networks.length;
			fastest[i] = Math.min(fastest[i]!, await timeNetwork(networks[i]!, timing));
			progress.update(turn + 1);
		}
	} finally {
		progress.stop();
	}
	return fastest;
}

function entriesOf(times: readonly SiteTime[]): LatencyEntry[] {
	const bySite = new Map<string, SiteTime[]>();
	for (const time of times) {
		const key = JSON.stringify(time.site);
		bySite.set(key, [...(bySite.get(key) ?? []), time]);
	}
	return [...bySite.values()].map((own) => ({
		...own[0]!.site,
		ms: Math.max(LEAST_MS, Number(mean(own.map(({ ms }) => ms)).toPrecision(4))),
	}));
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

/** Measures random networks, none of which is ever profiled, and compares. */
export async function checkPredictions(
	context: RunContext,
	timing: Timing,
	table: LatencyTable,
	{ count, seed }: { readonly count: number; readonly seed: number },
): Promise<LatencyCheck> {
	const model = new LatencyModel(table);
	const random = createRandom(seed).fork("networks");
	const drawn = Array.from({ length: count }, (_, i) => drawNetwork(random.fork(i)));
	const fastest = await fastestRuns(context, timing, drawn);
	const networks = drawn.map((network, i) => {
		const { ms, errorMs } = model.predict(network);
		return { predictedMs: ms, errorMs, measuredMs: fastest[i]! };
	});
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
