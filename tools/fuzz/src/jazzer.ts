import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ArchgenError, throwIfAborted } from "@archgen/errors";

/** The C library that the native part of Jazzer.js 4.0.0 is linked with. */
const LEAST_GLIBC = [2, 38] as const;
/** Time that one input may take, in ms; machines that have other things to do are slow. */
const LONGEST_INPUT_MS = 20_000;
/** Memory of the process, Node and instrumented code (some 400 MB) included. */
const MOST_MEMORY_MB = 2048;

/** What to fuzz. */
export interface JazzerRun {
	/** Module that exports `fuzz`. */
	readonly target: string;
	/** Folder of inputs; those that reach new edges are added. */
	readonly corpus: string;
	/** In front of the names of inputs that show a defect. */
	readonly findings: string;
	/** Parts of the paths of modules whose edges are counted. */
	readonly code: readonly string[];
	readonly seconds: number;
	/** Program `ld-linux-x86-64.so.2` of another C library, in the folder of that library. */
	readonly loader?: string | undefined;
	readonly environment?: Readonly<Record<string, string>>;
	readonly signal?: AbortSignal | undefined;
}

/** What came of it. */
export interface JazzerReport {
	readonly runs: number;
	/** Edges covered by the corpus that was there, and at the end. */
	readonly edges: { readonly first: number; readonly last: number };
	/** Inputs in the corpus at the end. */
	readonly corpus: number;
	readonly defect?: Defect;
}

/** An input that a reader neither reads nor refuses. */
export interface Defect {
	/** File of the input; none where the process ended before it was written. */
	readonly input?: string;
	/** The error with its stack, what the fuzzer says of time and memory, or its last words. */
	readonly what: string;
}

/** Whether the native part runs here without another C library. */
export function canRun(): boolean {
	const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
	const [major = 0, minor = 0] = (header.glibcVersionRuntime ?? "0").split(".").map(Number);
	return major > LEAST_GLIBC[0] || (major === LEAST_GLIBC[0] && minor >= LEAST_GLIBC[1]);
}

/**
 * Runs Jazzer.js in a process of its own.
 *
 * @throws ArchgenError FAILED_PRECONDITION `FUZZER_UNAVAILABLE` where its native part does not run
 */
export async function runJazzer(run: JazzerRun): Promise<JazzerReport> {
	if (run.loader === undefined && !canRun()) throw unavailable();
	for (const folder of [run.corpus, dirname(run.findings)]) mkdirSync(folder, { recursive: true });
	const scratch = mkdtempSync(join(tmpdir(), "archgen-fuzz-"));
	try {
		const output = await outputOf(run, scratch);
		throwIfAborted(run.signal);
		return reportOf(output, run);
	} finally {
		rmSync(scratch, { recursive: true, force: true });
	}
}

function commandOf({ target, corpus, findings, code, seconds, loader }: JazzerRun): string[] {
	const program = join(dirname(createRequire(import.meta.url).resolve("@jazzer.js/core")), "cli.js");
	const libc = loader === undefined ? [] : [loader, "--library-path", dirname(loader)];
	return [
		...[...libc, process.execPath, program, target, corpus],
		...code.flatMap((part) => ["--includes", part]),
		...["--excludes", "node_modules", "--excludes", "/generated/"],
		// Settings name files anywhere: that is no defect.
		...["--disableBugDetectors", "path-traversal", "--timeout", String(LONGEST_INPUT_MS), "--"],
		...[`-max_total_time=${seconds}`, `-artifact_prefix=${findings}`, `-rss_limit_mb=${MOST_MEMORY_MB}`],
	];
}

function outputOf(run: JazzerRun, scratch: string): Promise<string> {
	const [program, ...args] = commandOf(run);
	const env = { ...process.env, ...run.environment, TMPDIR: scratch };
	return new Promise((resolve, reject) => {
		const child = spawn(program!, args, { env, stdio: ["ignore", "pipe", "pipe"] });
		const abort = () => child.kill("SIGKILL");
		run.signal?.addEventListener("abort", abort);
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.setEncoding("utf8").on("data", (text: string) => {
				output += text;
			});
		child.once("error", reject);
		child.once("close", () => {
			run.signal?.removeEventListener("abort", abort);
			resolve(output);
		});
	});
}

function reportOf(output: string, { corpus }: JazzerRun): JazzerReport {
	const covered = [...output.matchAll(/\bcov: (\d+)/g)].map(([, edges]) => Number(edges));
	const counted = [...output.matchAll(/^#(\d+)\s/gm)].map(([, runs]) => Number(runs));
	const done = /^Done (\d+) runs/m.exec(output)?.[1];
	// Slow inputs are written too; they are none of these, and an input is slow wherever the machine stands still.
	const input = /Test unit written to (.*(?:crash|timeout|oom)-[0-9a-f]+)$/m.exec(output)?.[1];
	return {
		runs: Number(done ?? counted.at(-1) ?? 0),
		edges: { first: covered[0] ?? 0, last: covered.at(-1) ?? 0 },
		corpus: readdirSync(corpus).length,
		...(done === undefined && { defect: { ...(input && { input }), what: problemIn(output) } }),
	};
}

/** What the fuzzer says from the problem on, without its statistics. */
function problemIn(output: string): string {
	const lines = output.split("\n");
	const first = lines.findIndex((line) => /Uncaught Exception|ERROR: libFuzzer/.test(line));
	const last = lines.findIndex((line, i) => i > first && /^(MS: |artifact_prefix=|SUMMARY)/.test(line));
	return lines
		.slice(first < 0 ? -30 : first, last < 0 ? undefined : last)
		.join("\n")
		.trim();
}

function unavailable(): ArchgenError {
	const wanted = LEAST_GLIBC.join(".");
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "FUZZER_UNAVAILABLE",
		message: `The native part of Jazzer.js needs glibc ${wanted} or later. Run it on a newer system, or unpack libc6, libstdc++6 and libgcc-s1 of one (Debian 13, e.g. by mmdebstrap --variant=extract) into a folder and pass --loader FOLDER/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2. Reading one file again by --input works everywhere.`,
	});
}
