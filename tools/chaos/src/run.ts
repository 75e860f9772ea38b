import { setTimeout as sleep } from "node:timers/promises";
import { throwIfAborted } from "@archgen/errors";
import { breakWith } from "./faults.js";
import { type Expected, Load, type Seen } from "./load.js";
import { type Fault, type FaultKind, planFaults, SERVICES, type ServiceName } from "./plan.js";
import { System } from "./system.js";

/** Settings of {@link runChaos}. */
export interface ChaosOptions {
	/** Folder of the model store. */
	readonly models: string;
	readonly seed: number;
	readonly faults: number;
	/** Longest pause before a fault, and longest time that one lasts, in milliseconds; 1,500 unless given. */
	readonly longestMs?: number;
	/** Time for which callers repeat a call, in milliseconds; 120,000 unless given. */
	readonly patienceMs?: number;
	readonly signal?: AbortSignal;
	/** Told of each fault before it happens. */
	readonly onFault?: (fault: Fault, index: number) => void;
}

/** What came of it. */
export interface ChaosReport {
	readonly seed: number;
	/** Faults that happened, by kind. */
	readonly faults: Readonly<Partial<Record<FaultKind, number>>>;
	/** Kinds that could not be made here. */
	readonly leftOut: readonly FaultKind[];
	readonly seen: Seen;
	/** What services wrote before ends that no fault explains. */
	readonly crashes: Readonly<Record<ServiceName, readonly string[]>>;
	/** What services logged of failures that have no name. */
	readonly unexpected: Readonly<Record<ServiceName, readonly string[]>>;
	/** Exit codes at the end, null of a service that had to be killed. */
	readonly exits: Readonly<Record<ServiceName, number | null>>;
	readonly seconds: number;
	/** True when everything was as it has to be. */
	readonly ok: boolean;
}

/**
 * Starts all services, keeps the answers of an undisturbed run, then breaks services, connections, database and disk by a schedule of the seed while
 * callers ask for networks and run jobs. Everything goes on to its end afterwards.
 *
 * @throws CANCELLED; UNAVAILABLE where a service does not come back
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
	const began = performance.now();
	const system = await System.start(options.models);
	const load = new Load(system.address, options.patienceMs ?? 120_000);
	const happened: Partial<Record<FaultKind, number>> = {};
	const leftOut: FaultKind[] = system.disk.limited ? [] : ["full-disk"];
	try {
		const expected = await load.undisturbed();
		await disturb(system, load, expected, { ...options, leftOut, happened });
	} catch (failure) {
		load.close();
		await system.stop();
		throw failure;
	}
	load.close();
	const crashes = byService((name) => system.services[name].crashes);
	const unexpected = byService((name) => system.services[name].unexpected);
	const exits = await system.stop();
	const { seen } = load;
	const clean = SERVICES.every((name) => crashes[name].length === 0 && exits[name] === 0);
	return {
		seed: options.seed,
		faults: happened,
		leftOut,
		seen,
		crashes,
		unexpected,
		exits,
		seconds: Math.round((performance.now() - began) / 1000),
		ok: clean && seen.wrong.length === 0 && seen.answers > 0 && seen.jobs > 0,
	};
}

async function disturb(
	system: System,
	load: Load,
	expected: Expected,
	options: ChaosOptions & {
		readonly leftOut: readonly FaultKind[];
		readonly happened: Partial<Record<FaultKind, number>>;
	},
): Promise<void> {
	const { seed, faults: count, longestMs = 1_500, leftOut, happened, signal } = options;
	const over = new AbortController();
	const callers = Promise.all([
		load.requests(expected, over.signal),
		load.requests(expected, over.signal),
		load.jobs(expected, over.signal),
	]);
	try {
		const plan = planFaults({ seed, count, longestMs, without: leftOut });
		for (const [index, fault] of plan.entries()) {
			await sleep(fault.afterMs, undefined, { signal }).catch(() => throwIfAborted(signal));
			options.onFault?.(fault, index);
			await breakWith(system, fault);
			happened[fault.kind] = (happened[fault.kind] ?? 0) + 1;
		}
		await system.healthy();
	} finally {
		over.abort();
		await callers;
	}
}

function byService<T>(value: (name: ServiceName) => T): Record<ServiceName, T> {
	return Object.fromEntries(SERVICES.map((name) => [name, value(name)])) as Record<ServiceName, T>;
}
