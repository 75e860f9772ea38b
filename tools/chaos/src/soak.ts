import { setTimeout as sleep } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";
import { type Drift, driftOf, type Footprint, footprintOf } from "./footprint.js";
import { Load, type Seen } from "./load.js";
import { SERVICES, type ServiceName } from "./plan.js";
import { System } from "./system.js";

const SAMPLE_MS = 2_000;
const PATIENCE_MS = 60_000;

/** Settings of {@link runSoak}. */
export interface SoakOptions {
	/** Folder of the model store. */
	readonly models: string;
	readonly seconds: number;
	/** Growth of memory that is allowed after warming up, as a share. */
	readonly tolerance: number;
	readonly signal?: AbortSignal;
	/** Told now and then how many seconds have passed. */
	readonly onProgress?: (seconds: number) => void;
}

/** What came of it. */
export interface SoakReport {
	readonly seconds: number;
	readonly seen: Seen;
	readonly drift: Readonly<Record<ServiceName, Drift>>;
	/** True when no service grew beyond the tolerance and every answer was as expected. */
	readonly ok: boolean;
}

/**
 * Runs all services under an even load and looks at what each of their processes holds: after warming up it should not grow.
 *
 * @throws CANCELLED; UNAVAILABLE where a service does not start
 */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
	const { models, seconds, tolerance, signal, onProgress } = options;
	const system = await System.start(models);
	const load = new Load(system.address, PATIENCE_MS);
	const samples = Object.fromEntries(SERVICES.map((name) => [name, [] as Footprint[]]));
	const over = new AbortController();
	try {
		const expected = await load.undisturbed();
		const callers = Promise.all([
			load.requests(expected, over.signal),
			load.requests(expected, over.signal),
			load.jobs(expected, over.signal),
		]);
		const end = performance.now() + 1000 * seconds;
		while (performance.now() < end) {
			await sleep(SAMPLE_MS, undefined, { signal }).catch(() => throwIfAborted(signal));
			for (const name of SERVICES) samples[name]!.push(await footprintOf(system.services[name].pid!));
			onProgress?.(Math.round(seconds - (end - performance.now()) / 1000));
		}
		over.abort();
		await callers;
	} finally {
		over.abort();
		load.close();
		await system.stop();
	}
	const drift = Object.fromEntries(SERVICES.map((name) => [name, driftOf(samples[name]!)]));
	const flat = Object.values(drift).every(({ growth }) => growth <= tolerance);
	const { seen } = load;
	return {
		seconds,
		seen,
		drift: drift as Record<ServiceName, Drift>,
		ok: flat && seen.wrong.length === 0 && seen.answers > 0,
	};
}
