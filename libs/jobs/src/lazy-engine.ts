import { access } from "node:fs/promises";
import { join } from "node:path";
import { executorId } from "./embedded-files.js";
import { foreignServer, startEmbeddedPostgres } from "./embedded-postgres.js";
import { JobEngine } from "./engine.js";
import type { JobLogger } from "./job-logger.js";
import type { RunnerContext } from "./job-runner.js";
import type { EngineSource } from "./jobs.js";
import { problemOf } from "./patience.js";
import { whenSetBack } from "./set-back.js";

/** Settings of jobs. */
export interface JobSettings {
	/** Folder for the embedded database and the name of this executor. */
	readonly data: string;
	/** Database to use instead of the embedded one. */
	readonly databaseUrl?: string | undefined;
	/** Stable name of this executor; kept in the data folder unless given. */
	readonly executorId?: string | undefined;
	/** Jobs that run at once in this process. */
	readonly maxRunning: number;
	/** A job that nobody has run for this long is taken over, in milliseconds. */
	readonly takeoverMs: number;
}

/** The engine of this process: started by the first job, or at once where there may be jobs to go on with. */
export class LazyEngine implements EngineSource {
	#engine: Promise<JobEngine> | undefined;
	#stopLooking = () => {};

	constructor(
		private readonly settings: JobSettings,
		private readonly context: Omit<RunnerContext, "server" | "executor">,
	) {}

	/** Goes on with jobs of an earlier process; a database that does not answer yet is tried again when it is needed. */
	async resume(logger: JobLogger): Promise<void> {
		await this.ifAny().catch((error: unknown) => {
			const { reason, message } = problemOf(error, null);
			logger.error({ err: error, reason, problem: message }, "jobs cannot go on yet");
		});
	}

	async needed(): Promise<JobEngine> {
		this.#engine ??= this.#start();
		try {
			return await this.#engine;
		} catch (error) {
			this.#engine = undefined;
			throw error;
		}
	}

	async ifAny(): Promise<JobEngine | undefined> {
		return this.#engine !== undefined || (await this.#mayHaveJobs()) ? this.needed() : undefined;
	}

	async stop(): Promise<void> {
		this.#stopLooking();
		await this.#engine?.then(
			(engine) => engine.stop(),
			() => {},
		);
	}

	async #start(): Promise<JobEngine> {
		const { data, databaseUrl } = this.settings;
		const executor = this.settings.executorId ?? (await executorId(data));
		const server = databaseUrl ? foreignServer(databaseUrl) : await startEmbeddedPostgres(this.#folder);
		const engine = await JobEngine.start({ ...this.context, server, executor }, this.settings);
		this.#stopLooking();
		this.#stopLooking = whenSetBack((byMs) => this.#beginAnew(engine, byMs));
		return engine;
	}

	/** DBOS looks at its queue when the wall clock says so: set back by an hour, it would start no job for an hour. */
	async #beginAnew(engine: JobEngine, byMs: number): Promise<void> {
		const { logger } = this.context;
		logger.warn({ byMs }, "the clock was set back; jobs go on from what is stored");
		const stopped = engine.stop().catch((err: unknown) => logger.warn({ err }, "the jobs did not stop well"));
		this.#engine = stopped.then(() => this.#start());
		await this.#engine.catch(() => {
			// the next one who needs it tries again
			this.#engine = undefined;
		});
	}

	get #folder(): string {
		return join(this.settings.data, "postgres");
	}

	#mayHaveJobs(): Promise<boolean> {
		if (this.settings.databaseUrl) return Promise.resolve(true);
		return access(join(this.#folder, "cluster")).then(
			() => true,
			() => false,
		);
	}
}
