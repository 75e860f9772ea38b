import { repeat } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import { DBOS } from "@dbos-inc/dbos-sdk";
import { databaseError } from "./database-errors.js";
import type { DatabaseServer } from "./embedded-postgres.js";
import { type Job, workflowId } from "./job.js";
import type { JobLogger } from "./job-logger.js";
import { JobRunner, type RunnerContext } from "./job-runner.js";
import { JobStore } from "./job-store.js";
import { runTraining } from "./training-runner.js";

const QUEUE = "evolution";
const QUEUE_POLL_MS = 100;
/** Looks in a row that must find a job without an executor before it is taken over. */
const LOOKS = 3;
/** How often a database server of ours is looked after. */
const GUARD_MS = 1_000;
/** Workflows of another version are not recovered; changed whenever the steps of the workflow change. */
const WORKFLOW_VERSION = "evolution-1";
/** Crashes are normal here, so none is one too many. */
const MAX_RECOVERIES = 1_000_000_000;

/** Settings of the engine. */
export interface EngineSettings {
	/** Jobs that run at once in this process. */
	readonly maxRunning: number;
	/** A job that nobody has run for this long is taken over, in milliseconds. */
	readonly takeoverMs: number;
}

/**
 * Jobs as durable workflows. DBOS remembers which are to run and starts them again after a crash; each step is one leg of a
 * search. There is one engine in a process.
 */
export class JobEngine {
	/** By the name of the workflow. */
	readonly #runners = new Map<string, JobRunner>();
	readonly #missed = new Map<string, number>();
	readonly #workflow: (id: string, workflow: string) => Promise<void>;
	readonly #training: (id: string) => Promise<void>;
	readonly #closing = new AbortController();
	#stopSweeping = () => {};
	#stopGuarding = () => {};

	private constructor(
		readonly store: JobStore,
		private readonly server: DatabaseServer,
		private readonly context: RunnerContext,
	) {
		this.#workflow = DBOS.registerWorkflow((id: string, workflow: string) => this.#run(id, workflow), {
			name: "evolution",
			maxRecoveryAttempts: MAX_RECOVERIES,
		});
		const train = (id: string) => runTraining(id, store, context.training, this.#closing.signal);
		this.#training = DBOS.registerWorkflow((id: string) => DBOS.runStep(() => train(id), { name: "train" }), {
			name: "training",
			maxRecoveryAttempts: MAX_RECOVERIES,
		});
	}

	/** Connects, makes the tables, and goes on with what this executor was running. */
	static async start(context: RunnerContext, settings: EngineSettings): Promise<JobEngine> {
		const { server, executor, logger } = context;
		const store = new JobStore(server.url);
		try {
			await store.migrate();
			const engine = new JobEngine(store, server, context);
			DBOS.setConfig({
				name: "archgen",
				systemDatabaseUrl: server.url,
				executorID: executor,
				applicationVersion: WORKFLOW_VERSION,
				logger: quiet(logger),
			});
			await DBOS.launch();
			await DBOS.registerQueue(QUEUE, {
				workerConcurrency: settings.maxRunning,
				minPollingIntervalMs: QUEUE_POLL_MS,
				onConflict: "always_update",
			});
			await engine.#sweep();
			engine.#stopSweeping = repeat(() => engine.#sweep(), settings.takeoverMs / LOOKS);
			engine.#stopGuarding = repeat(() => engine.#guard(), GUARD_MS);
			return engine;
		} catch (error) {
			await DBOS.shutdown({ deregister: true }).catch(() => {});
			await store.close();
			throw databaseError(error);
		}
	}

	/** What this process knows of a job that it runs. */
	live(job: Job): JobRunner["live"] | undefined {
		return this.#runners.get(workflowId(job))?.live;
	}

	/** Has a queued job run, here or by another executor. Does nothing the second time. */
	async enqueue(job: Job): Promise<void> {
		const workflowID = workflowId(job);
		const how = { workflowID, queueName: QUEUE };
		await this.#unlessStopping(() => DBOS.startWorkflow(this.#workflow, how)(job.id, workflowID));
	}

	/** Has a training run; it goes on after a restart of this executor. Does nothing the second time. */
	async startTraining(id: string): Promise<void> {
		const how = { workflowID: `training/${id}`, queueName: QUEUE };
		await this.#unlessStopping(() => DBOS.startWorkflow(this.#training, how)(id));
	}

	/** Leaves running jobs where they are: they go on when this executor, or after a while another one, is there. */
	async stop(): Promise<void> {
		this.#stopSweeping();
		this.#stopGuarding();
		this.#closing.abort();
		await Promise.all([...this.#runners.values()].map((runner) => runner.close()));
		await DBOS.shutdown({ deregister: true });
		await this.store.close();
		await this.server.stop();
	}

	/** A failure while this engine stops passes: its successor, or the one of another process, goes on. */
	async #unlessStopping(start: () => Promise<unknown>): Promise<void> {
		try {
			await start();
		} catch (cause) {
			if (!this.#closing.signal.aborted) throw databaseError(cause);
			throw new ArchgenError({
				category: "UNAVAILABLE",
				reason: "JOBS_RESTARTING",
				message: "The jobs of this server begin anew; try again in a moment.",
				retryAfterMs: 1_000,
				cause,
			});
		}
	}

	/** The workflow: nothing but steps, so that a replay takes the same way. */
	async #run(id: string, workflow: string): Promise<void> {
		for (let leg = 0; await DBOS.runStep(() => this.#leg(id, workflow), { name: `leg-${leg}` }); leg++);
	}

	async #leg(id: string, workflow: string): Promise<boolean> {
		const runner = this.#runners.get(workflow) ?? new JobRunner(id, workflow, this.context);
		this.#runners.set(workflow, runner);
		const more = await runner.leg();
		if (!more) this.#runners.delete(workflow);
		return more;
	}

	/** Starts a server of ours again that has ended, also while no job runs that would do so. */
	async #guard(): Promise<void> {
		if (await this.store.isReachable()) return;
		await this.server.ensureRunning().catch((error: unknown) => {
			this.context.logger.error({ err: error }, "the database does not start");
		});
	}

	/** Finds jobs that nobody runs although somebody should: their executor is gone, or died before it queued them. */
	async #sweep(): Promise<void> {
		try {
			for (const job of await this.store.unfinished()) {
				const mine = this.#runners.has(workflowId(job));
				if (mine || !(await this.store.isUnlocked(job.id))) this.#missed.delete(job.id);
				else await this.#missing(job);
			}
		} catch (error) {
			this.context.logger.warn({ err: error }, "cannot look for jobs without an executor");
		}
	}

	async #missing(job: Job): Promise<void> {
		const status = (await DBOS.getWorkflowStatus(workflowId(job)))?.status;
		if (status === undefined) return this.enqueue(job);
		if (status === "ENQUEUED") return;
		const missed = (this.#missed.get(job.id) ?? 0) + 1;
		this.#missed.set(job.id, missed);
		if (missed < LOOKS) return;
		this.#missed.delete(job.id);
		this.context.logger.info(
			{ job: job.id, executor: job.executor },
			"taking over a job without an executor",
		);
		if (status === "PENDING") await DBOS.resumeWorkflow(workflowId(job), { queueName: QUEUE });
		else await this.enqueue(await this.store.queue(job.id, [job.state]));
	}
}

/** DBOS tells much; of that, warnings and errors are ours. */
function quiet(logger: JobLogger) {
	const own = logger.child({ component: "dbos" });
	return {
		debug: () => {},
		info: (entry: unknown) => own.debug({}, String(entry)),
		warn: (entry: unknown) => own.warn({}, String(entry)),
		error: (entry: unknown) => own.error({}, String(entry)),
	};
}
