import { cpus } from "node:os";
import { performance } from "node:perf_hooks";
import { readNamedText, writeWhole } from "@archgen/files";
import { type LatencyTable, parseLatencyTable, tableToCsv } from "@archgen/latency";
import type { RunContext } from "../run-context.js";
import { processorTime } from "./measure.js";
import { checkPredictions, profile } from "./profile.js";

/** A latency table of this machine. */
export interface ProfileJob {
	/** File of the table, CSV or JSON by its ending. */
	readonly out: string;
	/** Random networks to profile. */
	readonly networks: number;
	/** Threads of onnxruntime. */
	readonly threads: number;
	/** Random networks whose predicted and measured latency are compared; fewer than two: none. */
	readonly check: number;
	/** Compare with the table in `out` instead of measuring one. */
	readonly checkOnly?: boolean;
	/** Seed of the random networks. */
	readonly seed: number;
}

/** The table that was written or read, and how well it predicts. */
export interface MachineProfile {
	readonly file: string;
	readonly entries: number;
	readonly device: string;
	readonly check?: Awaited<ReturnType<typeof checkPredictions>>;
}

/** Measures the operations of this machine into a table, or reads one, and compares its predictions with whole networks. */
export async function profileMachine(context: RunContext, job: ProfileJob): Promise<MachineProfile> {
	const { out, networks, threads, check, checkOnly, seed } = job;
	// Threads that wait for each other compute too, so with more of them only the clock on the wall tells.
	const timing = { threads, clock: threads === 1 ? processorTime : () => performance.now() };
	const device = `${cpus()[0]?.model ?? "CPU"}, onnxruntime, ${threads} thread${threads === 1 ? "" : "s"}`;
	const table = checkOnly
		? parseLatencyTable(await readNamedText("--out", out), out)
		: await profile(context, timing, { networks, device });
	if (!checkOnly) await writeWhole(out, fileText(out, table));
	const checked =
		check < 2 ? undefined : await checkPredictions(context, timing, table, { count: check, seed });
	return {
		file: out,
		entries: table.entries.length,
		device: table.device,
		...(checked && { check: checked }),
	};
}

function fileText(file: string, table: LatencyTable): string {
	return file.endsWith(".json") ? `${JSON.stringify(table)}\n` : tableToCsv(table);
}
