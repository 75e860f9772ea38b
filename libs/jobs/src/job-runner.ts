import { performance } from "node:perf_hooks";
import { repeat, retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import type { EvolutionDependencies } from "@archgen/evolution";
import pLimit from "p-limit";
import type { DatabaseServer } from "./embedded-postgres.js";
import { type JobModel, type JobProblem, type JobProgress, type JobSpec, workflowId } from "./job.js";
import type { JobLogger } from "./job-logger.js";
import { JobSession, type Probe } from "./job-session.js";
import { openSearch } from "./open-search.js";
import { PAUSES, passes, problemOf } from "./patience.js";
import type { SearchProgress, SearchRun } from "./search-run.js";
import { Speedometer } from "./speedometer.js";
import type { TrainingContext } from "./training-runner.js";

/** Records of one step of the durable workflow. */
const LEG_RECORDS = 64;
const FLUSH_MS = 500;
/** A job whose next leg nobody asks for is given up: its workflow has moved to another process. */
const IDLE_MS = 5_000;

/** A job whose networks are searched. */
export interface SearchedJob {
	readonly id: string;
	readonly spec: JobSpec;
	/** Null for a job that draws random cells. */
	readonly model: JobModel | null;
}

/** What running jobs need. */
export interface RunnerContext {
	readonly server: DatabaseServer;
	/** Stable name of this orchestrator. */
	readonly executor: string;
	readonly modelOf: (spec: JobSpec) => Promise<JobModel | null>;
	readonly search: (job: SearchedJob, report: (error: ArchgenError | null) => void) => EvolutionDependencies;
	readonly training: TrainingContext;
	readonly probe: Probe;
	readonly logger: JobLogger;
}

/** A job under way: the lock, the search in memory, and what writes down how far it is. */
interface Attempt {
	readonly session: JobSession;
	readonly run: SearchRun;
	readonly progress: () => JobProgress;
	readonly stopFlushing: () => void;
}

/**
 * Runs one job in this process, leg by leg. Between legs the search stays in memory, with its evaluations in flight; after a
 * failure that passes it is built anew from the database.
 */
export class JobRunner {
	readonly #closing = new AbortController();
	#session: JobSession | undefined;
	#attempt: Attempt | undefined;
	#stop = new AbortController();
	#problem: JobProblem | null = null;
	readonly #inTurn = pLimit(1);
	#idle: NodeJS.Timeout | undefined;

	/** @param workflow of the run to make; another run of the job is left alone */
	constructor(
		private readonly id: string,
		private readonly workflow: string,
		private readonly context: RunnerContext,
	) {}

	/** What the database may not know yet. */
	get live(): { readonly problem: JobProblem | null; readonly progress: JobProgress | null } {
		return { problem: this.#problem, progress: this.#attempt?.progress() ?? null };
	}

	/**
	 * One step; steps that are asked for together come one after another, since a workflow may be recovered into the very
	 * process that runs it.
	 *
	 * @returns false when the run is over. Never settles once the runner is closed: the next process goes on.
	 */
	leg(): Promise<boolean> {
		clearTimeout(this.#idle);
		const giveUp = () => void this.#dispose().catch((failure: unknown) => this.#report(failure));
		return this.#inTurn(async () => {
			const more = await this.#leg();
			clearTimeout(this.#idle);
			if (more) this.#idle = setTimeout(giveUp, IDLE_MS).unref();
			return more;
		});
	}

	async #leg(): Promise<boolean> {
		clearTimeout(this.#idle);
		const { signal } = this.#closing;
		try {
			const mayPass = async (error: unknown) => !(await this.#settle(error));
			return await retry(() => this.#tryLeg(), { ...PAUSES, mayPass, signal });
		} catch {
			// Settled, unless it was closed: then the next process goes on.
			return signal.aborted ? new Promise(() => {}) : false;
		}
	}

	/** Gives the job up without a word; it stays RUNNING and is taken up again by the next process. */
	async close(): Promise<void> {
		clearTimeout(this.#idle);
		this.#closing.abort();
		await this.#dispose();
	}

	async #tryLeg(): Promise<boolean> {
		this.#attempt ??= await this.#begin();
		if (this.#attempt === undefined) return false;
		const { run, session, progress } = this.#attempt;
		const over = await run.advance(run.progress().evaluated + LEG_RECORDS);
		this.#problem = null;
		if (!over) return true;
		const stalled = run.isStalled() ? problemOf(stalledError(), null) : null;
		await session.end(stalled === null ? "SUCCEEDED" : "FAILED", stalled, progress());
		await this.#dispose();
		return false;
	}

	/** Undefined when there is nothing to do: the job is over, deleted, or on another run. */
	async #begin(): Promise<Attempt | undefined> {
		const { server, executor, probe, search, modelOf } = this.context;
		await server.ensureRunning();
		const { signal } = this.#closing;
		const session = await JobSession.open(server.url, this.id, probe, signal);
		this.#session = session;
		const job = await session.job();
		const model = job.model ?? (await modelOf(job.spec));
		const mine = workflowId(job) === this.workflow;
		if (!mine || !(await session.start(executor, model))) {
			await this.#dispose();
			return undefined;
		}
		this.#stop = new AbortController();
		const speed = new Speedometer(() => performance.now());
		const dependencies = search({ id: this.id, spec: job.spec, model }, (error) => this.#report(error));
		const run = await openSearch(job, model, session, dependencies, {
			signal: AbortSignal.any([signal, this.#stop.signal]),
			onRecord: () => speed.count(),
		});
		const progress = () => progressOf(run.progress(), speed.perSecond);
		await this.#flush(session, progress);
		return { session, run, progress, stopFlushing: repeat(() => this.#flush(session, progress), FLUSH_MS) };
	}

	/** A failure of the flush is left to the next write of the search. */
	async #flush(session: JobSession, progress: () => JobProgress): Promise<void> {
		const stop = await session.progress(progress(), this.#problem).catch(() => false);
		if (stop) this.#stop.abort();
	}

	/** @returns true when the job is over, false when it is to be tried again */
	async #settle(error: unknown): Promise<boolean> {
		const stopped = this.#stop.signal.aborted;
		try {
			const over = stopped || !passes(error);
			if (over && (await this.#end(stopped ? null : error))) return true;
			this.#report(error);
			return false;
		} catch (failure) {
			this.#report(failure);
			return false;
		} finally {
			await this.#dispose();
		}
	}

	/** Writes down that the job was stopped, or with an error that it failed. @returns false when there is no connection */
	async #end(error: unknown): Promise<boolean> {
		const progress = this.#attempt?.progress() ?? null;
		if (error !== null) this.context.logger.error({ err: error, job: this.id }, "job failed");
		await this.#attempt?.run.close();
		const problem = error === null ? null : problemOf(error, null);
		await this.#session?.end(error === null ? "CANCELLED" : "FAILED", problem, progress);
		return this.#session !== undefined;
	}

	#report(error: unknown): void {
		const before = this.#problem;
		this.#problem = error === null ? null : problemOf(error, before);
		if (this.#problem !== null && this.#problem.reason !== before?.reason) {
			const { reason, message } = this.#problem;
			this.context.logger.warn({ job: this.id, reason, problem: message }, "job makes no headway");
		}
	}

	async #dispose(): Promise<void> {
		const [attempt, session] = [this.#attempt, this.#session];
		this.#attempt = undefined;
		this.#session = undefined;
		attempt?.stopFlushing();
		await attempt?.run.close();
		await session?.close();
	}
}

function progressOf(progress: SearchProgress, speed: number): JobProgress {
	const { evaluated, evaluations, inFlight, phase, best, population, front, dropped } = progress;
	return {
		evaluated,
		inFlight,
		phase,
		best,
		population,
		speed,
		dropped,
		front,
		remainingSeconds: speed > 0 ? (evaluations - evaluated) / speed : null,
	};
}

function stalledError(): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "STALLED",
		message:
			"A thousand proposals in a row gave nothing to score; the dropped ones say why. Loosen the constraints.",
	});
}
