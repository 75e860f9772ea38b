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

/** How much a process holds after it has warmed up, and at the end. */
export interface Drift {
	readonly warm: Footprint;
	readonly end: Footprint;
	/** Growth of memory from the one to the other, as a share; negative where it shrank. */
	readonly growth: number;
}

/** Medians of the second and of the last fifth of the samples: the first fifth is for warming up. */
export function driftOf(samples: readonly Footprint[]): Drift {
	const fifth = Math.max(1, Math.floor(samples.length / 5));
	const warm = medianOf(samples.slice(fifth, 2 * fifth));
	const end = medianOf(samples.slice(-fifth));
	return { warm, end, growth: end.memoryMebibytes / warm.memoryMebibytes - 1 };
}

function medianOf(samples: readonly Footprint[]): Footprint {
	const middle = (values: readonly number[]) =>
		[...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
	return {
		memoryMebibytes: middle(samples.map(({ memoryMebibytes }) => memoryMebibytes)),
		handles: middle(samples.map(({ handles }) => handles)),
	};
}
