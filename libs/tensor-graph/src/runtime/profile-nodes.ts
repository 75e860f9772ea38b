import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InferenceSession } from "onnxruntime-node";
import { sessionOptions, toOrt } from "./inline-runtime.js";
import { orRunFailure } from "./run-failure.js";
import type { TensorValues } from "./runtime.js";

/** A node as it runs, after all rewriting: several nodes of the model may have become one, which has a name of the last of them. */
export interface NodeTime {
	readonly name: string;
	/** Type of the operator, e.g. `Conv`. */
	readonly operator: string;
	/** Fastest of the runs, in milliseconds: whatever else the machine does makes runs slower only. */
	readonly ms: number;
}

export interface ProfileOptions {
	/** Threads onnxruntime uses within one run, default 1. */
	readonly threads?: number;
	/** Runs that count, default 10; a few before them do not. */
	readonly runs?: number;
}

/** Runs before the caches are as they stay. */
const WARM_UP = 3;

/** One line of onnxruntime's profile. */
interface ProfileEvent {
	readonly cat: string;
	readonly name: string;
	/** Microseconds. */
	readonly dur: number;
	readonly args: { readonly op_name?: string };
}

const SUFFIX = "_kernel_time";

/** Times the nodes of a model by onnxruntime's own profiler; in the order in which they run. Blocks the calling thread. */
export async function profileNodes(
	model: Uint8Array,
	feeds: TensorValues,
	{ threads = 1, runs = 10 }: ProfileOptions = {},
): Promise<NodeTime[]> {
	const folder = await mkdtemp(join(tmpdir(), "archgen-profile-"));
	try {
		const options = { ...sessionOptions(threads, { arena: true }), enableProfiling: true };
		const session = await orRunFailure(() =>
			InferenceSession.create(model, { ...options, profileFilePrefix: join(folder, "nodes") }),
		);
		const inputs = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, toOrt(value)]));
		try {
			for (let run = 0; run < WARM_UP + runs; run++) await orRunFailure(() => session.run(inputs));
		} finally {
			session.endProfiling();
			await session.release();
		}
		const [file] = await readdir(folder);
		return nodeTimes(JSON.parse(await readFile(join(folder, file!), "utf8")) as ProfileEvent[]);
	} finally {
		await rm(folder, { recursive: true });
	}
}

function nodeTimes(events: readonly ProfileEvent[]): NodeTime[] {
	const nodes = new Map<string, { operator: string; durations: number[] }>();
	for (const { cat, name, dur, args } of events) {
		if (cat !== "Node" || !name.endsWith(SUFFIX)) continue;
		const node = nodes.get(name) ?? { operator: args.op_name ?? "", durations: [] };
		nodes.set(name, node);
		node.durations.push(dur);
	}
	return [...nodes].map(([name, { operator, durations }]) => {
		const fastest = Math.min(...durations.slice(WARM_UP));
		return { name: name.slice(0, -SUFFIX.length), operator, ms: fastest / 1000 };
	});
}
