import { readdir, readFile } from "node:fs/promises";

/** What a process holds. */
export interface Footprint {
	/** Resident memory in mebibytes. */
	readonly memoryMebibytes: number;
	/** Open files, connections included. */
	readonly handles: number;
}

/** What a process holds now, by the files of Linux under /proc. @throws Error where it has ended, or on other systems */
export async function footprintOf(pid: number): Promise<Footprint> {
	const status = await readFile(`/proc/${pid}/status`, "utf8");
	const memoryMebibytes = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)![1]) / 1024;
	return { memoryMebibytes, handles: (await readdir(`/proc/${pid}/fd`)).length };
}

/** How much a process holds at least: memory between two collections of garbage says little. */
export interface Drift {
	/** In the first half after warming up. */
	readonly warm: Footprint;
	/** In the second half. */
	readonly end: Footprint;
	/** Growth of memory from the one to the other, as a share; negative where it shrank. */
	readonly growth: number;
}

/** The lowest of both halves of the samples, of which the first fifth is left out: it is for warming up. */
export function driftOf(samples: readonly Footprint[]): Drift {
	const measured = samples.slice(Math.floor(samples.length / 5));
	const middle = Math.ceil(measured.length / 2);
	const [warm, end] = [lowestOf(measured.slice(0, middle)), lowestOf(measured.slice(middle))];
	return { warm, end, growth: end.memoryMebibytes / warm.memoryMebibytes - 1 };
}

function lowestOf(samples: readonly Footprint[]): Footprint {
	return {
		memoryMebibytes: Math.min(...samples.map(({ memoryMebibytes }) => memoryMebibytes)),
		handles: Math.min(...samples.map(({ handles }) => handles)),
	};
}
