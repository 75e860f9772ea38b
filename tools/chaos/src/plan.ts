import { createRandom } from "@archgen/random";

/** Names of the services, in the order in which they are started. */
export const SERVICES = ["zc-proxy", "gvae", "ccnf", "seqgen", "orchestrator"] as const;
export type ServiceName = (typeof SERVICES)[number];

/** Ways of breaking a service: SIGKILL and a late restart, SIGSTOP and SIGCONT, all connections cut and none taken, its wall clock set forth or back. */
export const SERVICE_FAULTS = ["kill", "freeze", "cut", "clock-jump"] as const;
/** Ways of breaking the database: its process ended at once, all its connections ended, its disk full. */
export const DATABASE_FAULTS = ["lost-database", "lost-connections", "full-disk"] as const;

export type FaultKind = (typeof SERVICE_FAULTS)[number] | (typeof DATABASE_FAULTS)[number];

/** Something that breaks. */
export interface Fault {
	readonly kind: FaultKind;
	/** What breaks: a service, or `database`. */
	readonly target: ServiceName | "database";
	/** Time after the end of the fault before, in milliseconds. */
	readonly afterMs: number;
	/** Time for which it lasts, in milliseconds. */
	readonly lastsMs: number;
	/** Milliseconds by which a clock jumps, at most a day; negative for back. Others have none. */
	readonly jumpMs?: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** What a schedule is drawn from. */
export interface PlanOptions {
	readonly seed: number;
	readonly count: number;
	/** Longest pause before a fault, and longest time that one lasts, in milliseconds. */
	readonly longestMs: number;
	/** Kinds to leave out, because they cannot be made here. */
	readonly without?: readonly FaultKind[];
}

/** A schedule of faults. Every kind and every service comes once before any comes again, in an order of the seed. */
export function planFaults({ seed, count, longestMs, without = [] }: PlanOptions): Fault[] {
	const random = createRandom(seed).fork("faults");
	const kinds = [...SERVICE_FAULTS, ...DATABASE_FAULTS].filter((kind) => !without.includes(kind));
	const nextKind = dealer(kinds, random.fork("kinds"));
	const nextService = dealer(SERVICES, random.fork("services"));
	return Array.from({ length: count }, () => {
		const kind = nextKind();
		const target = SERVICE_FAULTS.some((name) => name === kind) ? nextService() : "database";
		const time = () => Math.round(longestMs * (0.1 + 0.9 * random.uniform()));
		const fault = { kind, target, afterMs: time(), lastsMs: time() } as const;
		if (kind !== "clock-jump") return fault;
		return { ...fault, jumpMs: Math.round((2 * random.uniform() - 1) * DAY_MS) };
	});
}

/** Deals items out like a pack of cards that is shuffled again when it is empty. */
function dealer<T>(items: readonly T[], random: ReturnType<typeof createRandom>): () => T {
	let left: T[] = [];
	return () => {
		if (left.length === 0) left = [...items];
		return left.splice(random.integer(left.length), 1)[0]!;
	};
}
