import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError, invalidArgument, throwIfAborted } from "@archgen/errors";
import type { HistorySummary } from "@archgen/evolution";
import type { JobEngine } from "./engine.js";
import type { Job, JobSpec, JobState, ScoreTableRows } from "./job.js";
import { jobNotFound, type Page } from "./job-store.js";
import { Summaries } from "./summaries.js";
import type { Training, TrainingRequest } from "./training.js";

const WATCH_MS = 250;
/** Attempts in a row to read a watched job, half a minute of them, before its watcher is told that the database is away. */
const MOST_FAILURES = 120;
const RUNNABLE: readonly JobState[] = ["CREATED", "CANCELLED", "FAILED"];
/** Also from QUEUED and RUNNING: their executor may be gone. */
const RESUMABLE: readonly JobState[] = ["CANCELLED", "FAILED"];

/** A job with what the process that runs it knows better. */
export interface JobView {
	readonly job: Job;
	readonly live: Pick<Job, "progress" | "problem">;
}

/** A job to create. */
export interface NewJob {
	readonly spec: JobSpec;
	/** Of its score table; null without one. */
	readonly rows: ScoreTableRows | null;
}

/** Starts the engine when it is needed. */
export interface EngineSource {
	/** The engine; started if it is not. */
	needed(): Promise<JobEngine>;
	/** The engine if there may be jobs in it. */
	ifAny(): Promise<JobEngine | undefined>;
}

/** What can be done with jobs. */
export class Jobs {
	readonly #summaries = new Summaries();

	constructor(private readonly engines: EngineSource) {}

	/** @param request identifier of the request; empty for none */
	async create(id: string, { spec, rows }: NewJob, request = ""): Promise<JobView> {
		const { store } = await this.engines.needed();
		return this.#view(await store.create(id || `job-${randomBytes(6).toString("hex")}`, spec, rows, request));
	}

	/** Has a job run from where it is. @throws FAILED_PRECONDITION unless it was created, cancelled or has failed */
	async run(id: string, from: readonly JobState[] = RUNNABLE): Promise<Job> {
		const engine = await this.#engine(id);
		const job = await engine.store.queue(id, from);
		await engine.enqueue(job);
		return job;
	}

	/** As {@link run}, and also takes a job over whose executor is gone. */
	async resume(id: string): Promise<Job> {
		const engine = await this.#engine(id);
		const { state } = await engine.store.get(id);
		const orphan = (state === "RUNNING" || state === "QUEUED") && (await engine.store.isUnlocked(id));
		return this.run(id, orphan ? [state] : RESUMABLE);
	}

	async get(id: string): Promise<JobView> {
		const engine = await this.#engine(id);
		return this.#view(await engine.store.get(id), engine);
	}

	/** @param token number of the first job of the page, empty for the first page */
	async list(size: number, token: string): Promise<Page<JobView>> {
		if (!/^\d{0,18}$/.test(token)) {
			throw invalidArgument("page_token", "is not a token of the reply before; start again without one.");
		}
		const engine = await this.engines.ifAny();
		if (engine === undefined) return { items: [], next: undefined };
		const { items, next } = await engine.store.list(size, token || null);
		return { items: items.map((job) => this.#view(job, engine)), next: next && this.#view(next) };
	}

	async cancel(id: string): Promise<JobView> {
		const engine = await this.#engine(id);
		return this.#view(await engine.store.requestStop(id), engine);
	}

	async delete(id: string): Promise<void> {
		await (await this.#engine(id)).store.delete(id);
	}

	/** The job now and whenever it has changed, until it has ended; a database that goes away for a moment is waited for. */
	async *watch(id: string, signal: AbortSignal): AsyncGenerator<JobView> {
		let [before, failures] = ["", 0];
		for (; ; await sleep(WATCH_MS, undefined, { signal })) {
			throwIfAborted(signal);
			const view = await this.get(id).catch((error: unknown) => {
				const isAway = error instanceof ArchgenError && error.category === "UNAVAILABLE";
				if (!isAway || ++failures > MOST_FAILURES) throw error;
			});
			if (view === undefined) continue;
			failures = 0;
			const now = JSON.stringify(view, withoutSpeed);
			if (now !== before) yield view;
			before = now;
			if (isOver(view.job)) return;
		}
	}

	/** Begins a training on the histories of jobs. @throws NOT_FOUND for a job, FAILED_PRECONDITION for one without a history */
	async train(request: TrainingRequest): Promise<Training> {
		const engine = await this.#engine(request.jobs[0] ?? "");
		for (const id of request.jobs) {
			const { spec } = await engine.store.get(id);
			if (spec.table !== undefined)
				throw invalidArgument(
					"evolution_jobs",
					`${id} looks a table up; its architectures are no sequences.`,
				);
			const [first] = await engine.store.records(id, 0, 1);
			if (first === undefined) throw invalidArgument("evolution_jobs", `${id} has no history yet.`);
		}
		const training = await engine.store.trainings.create(`train-${randomBytes(6).toString("hex")}`, request);
		await engine.startTraining(training.id);
		return training;
	}

	/** @throws NOT_FOUND */
	async training(id: string): Promise<Training> {
		return (await this.#engine(id)).store.trainings.get(id);
	}

	async cancelTraining(id: string): Promise<void> {
		await (await this.#engine(id)).store.trainings.requestStop(id);
	}

	/** Lines of a history from a position on. */
	async records(id: string, position: number, limit: number): Promise<string[]> {
		const { store } = await this.#engine(id);
		const lines = await store.records(id, position, limit);
		if (lines.length === 0) await store.get(id);
		return lines;
	}

	/** The history in at most so many points, its front and best evaluations on top. */
	async summary(id: string, points: number): Promise<HistorySummary> {
		const { store } = await this.#engine(id);
		return this.#summaries.summary(await store.get(id), store, points);
	}

	async #engine(id: string): Promise<JobEngine> {
		const engine = await this.engines.ifAny();
		if (engine === undefined) throw jobNotFound(id);
		return engine;
	}

	#view(job: Job, engine?: JobEngine): JobView {
		// A runner may still be there when the database knows the end already.
		const live = isOver(job) ? undefined : engine?.live(job);
		return {
			job,
			live: { progress: live?.progress ?? job.progress, problem: live ? live.problem : job.problem },
		};
	}
}

function isOver({ state }: Job): boolean {
	return ["SUCCEEDED", "FAILED", "CANCELLED"].includes(state);
}

/** Speed and remaining time change without anything happening. */
function withoutSpeed(key: string, value: unknown): unknown {
	return key === "speed" || key === "remainingSeconds" ? undefined : value;
}
