import { retry } from "@archgen/concurrency";
import { ArchgenError } from "@archgen/errors";
import type { EvaluationFacts } from "@archgen/evolution";
import pg from "pg";
import { databaseError, isConflict } from "./database-errors.js";
import type { Job, JobSpec, JobState, ScoreTableRows } from "./job.js";
import { type JobRow, jobOfRow } from "./job-rows.js";
import * as plans from "./plans.js";
import { TrainingStore } from "./training-store.js";

/** Connections for everything but running jobs, each of which has its own. */
const POOL_SIZE = 4;
const CONNECT_MS = 5_000;
/** Tries of a statement that conflicts with others, and the first pause between them. */
const CONFLICTS = 5;
const CONFLICT_MS = 20;

/** Facts of a record as the database has them. */
interface StoredFacts extends Pick<EvaluationFacts, "score" | "counts"> {
	readonly measures: EvaluationFacts["measures"] | null;
	readonly excess: number | null;
}

/** A page and where the next begins. */
export interface Page<T> {
	readonly items: readonly T[];
	readonly next: T | undefined;
}

/** Jobs and their histories in the database. Fails with UNAVAILABLE while the database cannot be reached. */
export class JobStore {
	readonly #pool: pg.Pool;
	readonly trainings = new TrainingStore((sql, values) => this.#query(sql, values));

	constructor(url: string) {
		this.#pool = new pg.Pool({
			connectionString: url,
			max: POOL_SIZE,
			connectionTimeoutMillis: CONNECT_MS,
			application_name: "archgen",
		});
		// An idle connection that breaks is replaced by the pool; nothing else is to be done.
		this.#pool.on("error", () => {});
	}

	/** Whether the database answers. */
	isReachable(): Promise<boolean> {
		return this.#query("SELECT 1", []).then(
			() => true,
			() => false,
		);
	}

	/** Makes the tables unless they are there: doing so locks them, while another orchestrator may be writing. */
	async migrate(): Promise<void> {
		const [schema] = await this.#query<{ digest: string | null }>(plans.SELECT_SCHEMA_DIGEST, []);
		if (schema!.digest !== plans.SCHEMA_DIGEST) await this.#query(plans.MAKE_SCHEMA, []);
	}

	/**
	 * @param rows of the spec's score table; null without one
	 * @param request identifier of the request, empty for none: made again, it gives the job of the first time
	 * @throws FAILED_PRECONDITION when the name is taken
	 */
	async create(id: string, spec: JobSpec, rows: ScoreTableRows | null, request = ""): Promise<Job> {
		try {
			await this.#query(plans.INSERT_JOB, [id, spec, request || null, rows && JSON.stringify(rows)]);
		} catch (error) {
			if ((error as { code?: string }).code !== "23505") throw error;
			const [made] = request === "" ? [] : await this.#jobs(plans.SELECT_JOB_OF_REQUEST, [request]);
			if (made !== undefined) return made;
			throw wrongState("JOB_EXISTS", `There is a job ${id} already; choose another name.`);
		}
		return this.get(id);
	}

	/** @throws NOT_FOUND */
	async get(id: string): Promise<Job> {
		const [job] = await this.#jobs(plans.SELECT_JOB, [id]);
		if (job === undefined) throw jobNotFound(id);
		return job;
	}

	/** The latest first. @param start number of the first job of the page */
	async list(size: number, start: string | null): Promise<Page<Job>> {
		const jobs = await this.#jobs(plans.SELECT_JOBS, [start, size + 1]);
		return { items: jobs.slice(0, size), next: jobs[size] };
	}

	/** Jobs that should be running somewhere. */
	unfinished(): Promise<Job[]> {
		return this.#jobs(plans.SELECT_UNFINISHED, []);
	}

	/** Makes a job wait for an executor. @throws NOT_FOUND, or FAILED_PRECONDITION in other states than `from` */
	async queue(id: string, from: readonly JobState[]): Promise<Job> {
		return this.#change(plans.QUEUE_JOB, id, [from], "run");
	}

	/** @throws NOT_FOUND, or FAILED_PRECONDITION when it does not run */
	requestStop(id: string): Promise<Job> {
		return this.#change(plans.REQUEST_STOP, id, [], "cancelled");
	}

	/** @throws NOT_FOUND, or FAILED_PRECONDITION while it runs */
	async delete(id: string): Promise<void> {
		await this.#change(plans.DELETE_JOB, id, [], "deleted");
	}

	/** Lines of the history from a position on, without line breaks. @param limit null for all */
	async records(id: string, position: number, limit: number | null): Promise<string[]> {
		const rows = await this.#query<{ record: string }>(plans.SELECT_RECORDS, [id, position, limit]);
		return rows.map(({ record }) => record);
	}

	/** Facts of the history from a position on. */
	async facts(id: string, position: number, limit: number): Promise<EvaluationFacts[]> {
		const rows = await this.#query<{ index: number; facts: StoredFacts }>(plans.SELECT_FACTS, [
			id,
			position,
			limit,
		]);
		return rows.map(({ index, facts: { score, counts, measures, excess } }) => ({
			index,
			score,
			counts,
			...(measures !== null && { measures }),
			excess: excess ?? 0,
		}));
	}

	/** True when no connection holds the job's lock: nobody runs it. */
	async isUnlocked(id: string): Promise<boolean> {
		const client = await this.#pool.connect().catch((error: unknown) => {
			throw databaseError(error);
		});
		try {
			const { rows } = await client.query<{ taken: boolean }>(plans.TAKE_LOCK, [id]);
			if (rows[0]!.taken) await client.query(plans.GIVE_LOCK, [id]);
			return rows[0]!.taken;
		} finally {
			client.release();
		}
	}

	async close(): Promise<void> {
		await this.#pool.end();
	}

	async #change(sql: string, id: string, values: readonly unknown[], verb: string): Promise<Job> {
		const [job] = await this.#jobs(sql, [id, ...values]);
		if (job !== undefined) return job;
		const { state } = await this.get(id);
		throw wrongState("WRONG_STATE", `Job ${id} is ${state} and cannot be ${verb}.`);
	}

	async #jobs(sql: string, values: readonly unknown[]): Promise<Job[]> {
		return (await this.#query<JobRow>(sql, values)).map(jobOfRow);
	}

	/** Statements that the database rolled back for the sake of others are tried again. */
	#query<R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<R[]> {
		const once = async () => {
			try {
				return (await this.#pool.query<R>(sql, [...values])).rows;
			} catch (error) {
				throw databaseError(error);
			}
		};
		return retry(once, { mayPass: isConflict, attempts: CONFLICTS, firstDelayMs: CONFLICT_MS });
	}
}

/** No job of this name. */
export function jobNotFound(id: string): ArchgenError {
	return new ArchgenError({
		category: "NOT_FOUND",
		reason: "JOB_NOT_FOUND",
		message: `There is no evolutionJobs/${id}; ListEvolutionJobs shows what there is.`,
		metadata: { id },
	});
}

function wrongState(reason: string, message: string): ArchgenError {
	return new ArchgenError({ category: "FAILED_PRECONDITION", reason, message });
}
