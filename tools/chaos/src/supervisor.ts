import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { ArchgenError } from "@archgen/errors";
import { writeWhole } from "@archgen/files";
import { waitForHealthy } from "@archgen/rpc";
import type { ServiceName } from "./plan.js";

/** See shifted-clock.ts. */
const SHIFTED_CLOCK = `--import ${new URL("../dist/shifted-clock.js", import.meta.url)}`;

const STOP_MS = 20_000;
const START_MS = 120_000;
/** Text of a service's log that is kept, for the report of one that does not come back. */
const KEPT_LOG = 4_000;

/** A service that is started again whenever it ends, as a container platform does. */
export class Supervised {
	#child: ChildProcess | undefined;
	#stopping = false;
	#log = "";
	/** Ends that nobody asked for: what the service wrote last before each. */
	readonly crashes: string[] = [];
	/** Lines of its log about failures that have no name: what a caller is told to look up there. */
	readonly unexpected: string[] = [];
	/** Time between an end and the next start, in milliseconds. */
	restartMs = 0;
	#expected = false;

	constructor(
		readonly name: ServiceName,
		/** `host:port` on which it listens, the same after each start. */
		readonly address: string,
		private readonly flags: readonly string[],
		/** File that says how far its wall clock is ahead. */
		private readonly clock: string,
		private readonly environment: NodeJS.ProcessEnv,
	) {}

	/** Starts it and waits until it is healthy. */
	async start(): Promise<void> {
		await this.setClock(0);
		this.#spawn();
		await this.healthy();
	}

	/** @throws UNAVAILABLE with the end of its log where it does not become healthy */
	async healthy(): Promise<void> {
		try {
			await waitForHealthy({ address: this.address, timeoutMs: START_MS });
		} catch (cause) {
			throw new ArchgenError({
				category: "UNAVAILABLE",
				reason: "SERVICE_DOWN",
				message: `${this.name} does not come back; its log ends with: ${this.#log.slice(-500)}`,
				cause,
			});
		}
	}

	/** Process number while it runs. */
	get pid(): number | undefined {
		return this.#child?.pid;
	}

	/** What it wrote last on standard error. */
	get log(): string {
		return this.#log;
	}

	/** Sends a signal that it survives. */
	signal(name: "SIGSTOP" | "SIGCONT"): void {
		this.#child?.kill(name);
	}

	/** Sets its wall clock so many milliseconds ahead of the true one. */
	setClock(aheadMs: number): Promise<void> {
		return writeWhole(this.clock, String(aheadMs));
	}

	/** Kills it; it is started again after `restartMs`. */
	kill(): void {
		this.#expected = true;
		this.#child?.kill("SIGKILL");
	}

	/** Ends it for good. @returns its exit code, null where it had to be killed */
	async stop(): Promise<number | null> {
		this.#stopping = true;
		const child = this.#child;
		if (child === undefined || child.exitCode !== null) return child?.exitCode ?? 0;
		child.kill("SIGTERM");
		const late = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
		const [code] = (await once(child, "exit")) as [number | null];
		clearTimeout(late);
		return code;
	}

	#spawn(): void {
		const main = fileURLToPath(new URL(`../../../services/${this.name}/dist/main.js`, import.meta.url));
		const port = this.address.split(":")[1]!;
		const child = spawn(process.execPath, [main, "--port", port, ...this.flags], {
			stdio: ["ignore", "ignore", "pipe"],
			env: {
				...this.environment,
				NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} ${SHIFTED_CLOCK}`,
				ARCHGEN_CHAOS_CLOCK: this.clock,
			},
		});
		this.#child = child;
		createInterface({ input: child.stderr }).on("line", (line) => {
			this.#log = `${this.#log}${line}\n`.slice(-KEPT_LOG);
			if (line.includes("unexpected error")) this.unexpected.push(line);
		});
		child.once("exit", (code, signal) => void this.#restart(`exit ${code ?? signal}`));
	}

	async #restart(how: string): Promise<void> {
		if (this.#stopping) return;
		if (!this.#expected) this.crashes.push(`${how}: ${this.#log.slice(-1_000)}`);
		this.#expected = false;
		await sleep(this.restartMs);
		if (!this.#stopping) this.#spawn();
	}
}
