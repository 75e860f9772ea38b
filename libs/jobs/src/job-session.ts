import { setTimeout as sleep } from "node:timers/promises";
import type { DropCounts } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import {
	type EvolutionLog,
	type EvolutionRecord,
	type Launch,
	parseHistory,
	parseLaunch,
} from "@archgen/evolution";
import pLimit from "p-limit";
import pg from "pg";
import { databaseError } from "./database-errors.js";
import type { Job, JobModel, JobProblem, JobProgress, JobState, ScoreTableRows } from "./job.js";
import { type JobRow, jobOfRow } from "./job-rows.js";
import * as plans from "./plans.js";

const CONNECT_MS = 5_000;
/** A statement that takes longer says that the server is gone. */
const STATEMENT_MS = 30_000;
const LOCK_RETRY_MS = 250;

/** Writes that a crash test can stop the process at. */
export type WritePoint = "start" | "launch" | "record" | "failure" | "end";
/** Told before and after each write; does nothing unless a test asks for it. */
export type Probe = (moment: "before" | "after", point: WritePoint) => void;

/**
 * The right to run a job: a connection that holds the job's lock. All that a running job writes goes over this connection, so
 * whoever lost the lock cannot write any more, and of many executors one runs the job.
 */
export class JobSession {
	/** A connection takes one query at a time. */
	readonly #inTurn = pLimit(1);

	private constructor(
		private readonly client: pg.Client,
		private readonly id: string,
		private readonly probe: Probe,
	) {}

	/** Connects and waits for the lock. @throws UNAVAILABLE without a database, CANCELLED */
	static async open(url: string, id: string, probe: Probe, signal: AbortSignal): Promise<JobSession> {
		const client = new pg.Client({
			connectionString: url,
			connectionTimeoutMillis: CONNECT_MS,
			query_timeout: STATEMENT_MS,
			keepAlive: true,
			application_name: `archgen job ${id}`,
		});
		// The next query reports it; without a listener it would end the process.
		client.on("error", () => {});
		const session = new JobSession(client, id, probe);
		try {
			await client.connect();
			while (!(await session.#rows<{ taken: boolean }>(plans.TAKE_LOCK, [id]))[0]!.taken) {
				await sleep(LOCK_RETRY_MS, undefined, { signal });
			}
			return session;
		} catch (error) {
			await session.close();
			throw databaseError(error);
		}
	}

	/** Ends the connection and with it the lock. */
	async close(): Promise<void> {
		await this.client.end().catch(() => {});
	}

	/** @throws NOT_FOUND */
	async job(): Promise<Job> {
		const [row] = await this.#rows<JobRow>(plans.SELECT_JOB, [this.id]);
		if (row === undefined) {
			throw new ArchgenError({
				category: "NOT_FOUND",
				reason: "JOB_NOT_FOUND",
				message: "The job was deleted.",
			});
		}
		return jobOfRow(row);
	}

	/** Lines of the history. */
	async records(): Promise<string[]> {
		const rows = await this.#rows<{ record: string }>(plans.SELECT_RECORDS, [this.id, 0, null]);
		return rows.map(({ record }) => record);
	}

	/** Lines of the launches without an outcome, in the order of their proposals. */
	async launches(): Promise<string[]> {
		const rows = await this.#rows<{ launch: string }>(plans.SELECT_OPEN, [this.id]);
		return rows.map(({ launch }) => launch);
	}

	/** Rows of the job's score table. @throws TypeError for a job without one */
	async scoreTable(): Promise<ScoreTableRows> {
		const [row] = await this.#rows<{ rows: ScoreTableRows }>(plans.SELECT_SCORE_TABLE, [this.id]);
		if (row === undefined) throw new TypeError(`${this.id} has no score table`);
		return row.rows;
	}

	/** Everything that was launched in a search of networks and what came of it. */
	async log(): Promise<EvolutionLog> {
		const records = await this.records();
		const failed = await this.#rows<{ proposal: string; hash: string; failure: string }>(
			plans.SELECT_FAILED,
			[this.id],
		);
		const dropped = await this.#rows<{ reason: string; count: string }>(plans.SUM_DROPPED, [this.id]);
		return {
			history: parseHistory(records.join("\n"), `history of ${this.id}`),
			failed: failed.map(({ proposal, hash, failure }) => ({
				proposal: Number(proposal),
				hash,
				reason: failure,
			})),
			open: (await this.launches()).map(parseLaunch),
			dropped: Object.fromEntries(dropped.map(({ reason, count }) => [reason, Number(count)])) as DropCounts,
		};
	}

	/** Marks the job as running here. @returns false when it was cancelled before */
	async start(executor: string, model: JobModel | null): Promise<boolean> {
		return this.#write("start", async () => {
			return (await this.#rows(plans.START_JOB, [this.id, executor, model])).length === 1;
		});
	}

	/** @param line what is needed to evaluate it again */
	async launch(
		{ proposal, hash, dropped }: Pick<Launch, "proposal" | "hash" | "dropped">,
		line: string,
	): Promise<void> {
		await this.#write("launch", () =>
			this.#rows(plans.INSERT_LAUNCH, [this.id, proposal, hash, line, dropped]),
		);
	}

	async record(
		{ proposal, index }: Pick<EvolutionRecord, "proposal" | "index">,
		line: string,
	): Promise<void> {
		await this.#write("record", () => this.#one(plans.SAVE_RECORD, [proposal, index, line]));
	}

	async failure({ proposal }: Pick<Launch, "proposal">, reason: string): Promise<void> {
		await this.#write("failure", () => this.#one(plans.SAVE_FAILURE, [proposal, reason]));
	}

	/** Keeps how far the job is. @returns true when somebody wants it to stop */
	async progress(progress: JobProgress, problem: JobProblem | null): Promise<boolean> {
		const rows = await this.#rows<{ stop_requested: boolean }>(plans.SAVE_PROGRESS, [
			this.id,
			progress,
			problem,
		]);
		return rows[0]?.stop_requested ?? true;
	}

	async end(state: JobState, problem: JobProblem | null, progress: JobProgress | null): Promise<void> {
		await this.#write("end", () => this.#rows(plans.END_JOB, [this.id, state, problem, progress]));
	}

	async #write<T>(point: WritePoint, body: () => Promise<T>): Promise<T> {
		this.probe("before", point);
		const result = await body();
		this.probe("after", point);
		return result;
	}

	async #one(sql: string, values: readonly unknown[]): Promise<void> {
		const { rowCount } = await this.#query(sql, [this.id, ...values]);
		if (rowCount !== 1) {
			throw new ArchgenError({
				category: "INTERNAL",
				reason: "EVALUATION_SETTLED_TWICE",
				message: `Job ${this.id} has an outcome for this proposal already.`,
			});
		}
	}

	async #rows<R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]): Promise<R[]> {
		return (await this.#query<R>(sql, values)).rows;
	}

	async #query<R extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) {
		try {
			return await this.#inTurn(() => this.client.query<R>(sql, [...values]));
		} catch (error) {
			throw databaseError(error);
		}
	}
}
