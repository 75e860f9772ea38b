import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { StartFailure } from "@archgen/rpc";
import type { Program, ProgramName } from "./programs.js";

/** A service that runs as a child process, in the process group of this program. */
export interface ServiceProcess {
	readonly name: ProgramName;
	/** `host:port`. */
	readonly address: string;
	readonly pid: number;
	/** Settles when the process has ended, with its exit code; null after a signal. */
	readonly ended: Promise<number | null>;
	/** Asks it to stop, and kills it when it does not. Idempotent. */
	stop(): Promise<void>;
}

/** Time a service has to finish its calls. */
const STOP_MS = 10_000;

/**
 * Starts a service and waits until it answers calls. Its log goes to stderr. It stops when this process ends, however that
 * happens: the service sees its IPC channel close.
 *
 * @throws ArchgenError what the service says when it cannot start; UNAVAILABLE `SERVICE_NOT_STARTED` when it ends without a
 *   word; CANCELLED
 */
export async function startService(
	{ name, file }: Program,
	flags: readonly string[],
	signal?: AbortSignal,
): Promise<ServiceProcess> {
	throwIfAborted(signal);
	const child = spawn(process.execPath, [file, ...flags], {
		stdio: ["ignore", "pipe", "inherit", "ipc"],
	});
	const ended = once(child, "exit").then(([code]) => code as number | null);
	const stop = stopper(child, ended);
	const onAbort = () => void stop();
	signal?.addEventListener("abort", onAbort, { once: true });
	try {
		const address = await Promise.race([readAddress(child), failureOf(child, name)]);
		return { name, address, pid: child.pid!, ended, stop };
	} catch (error) {
		await stop();
		throwIfAborted(signal);
		throw error;
	} finally {
		signal?.removeEventListener("abort", onAbort);
	}
}

/** A service says where it listens in its first line. */
async function readAddress(child: ChildProcess): Promise<string> {
	const lines = createInterface({ input: child.stdout! });
	const [line] = (await once(lines, "line")) as [string];
	return (JSON.parse(line) as { address: string }).address;
}

/** Rejects with the reason once a service has ended before it listened. */
async function failureOf(child: ChildProcess, name: ProgramName): Promise<never> {
	let failure: ArchgenError | undefined;
	child.once("message", (message) => {
		failure = new ArchgenError(message as StartFailure);
	});
	// Unlike "exit", "close" comes after the last message.
	const [code] = (await once(child, "close")) as [number | null];
	throw failure ?? notStarted(name, code);
}

function stopper(child: ChildProcess, ended: Promise<number | null>): () => Promise<void> {
	return async () => {
		if (child.exitCode !== null || child.signalCode !== null) return;
		child.kill("SIGTERM");
		const late = new AbortController();
		const killLate = sleep(STOP_MS, undefined, { signal: late.signal }).then(
			() => child.kill("SIGKILL"),
			() => {},
		);
		await ended;
		late.abort();
		await killLate;
	};
}

function notStarted(name: ProgramName, code: number | null): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "SERVICE_NOT_STARTED",
		message: `The service ${name} ended${code === null ? "" : ` with exit code ${code}`} before it listened; its last words stand above.`,
		metadata: { service: name },
	});
}
