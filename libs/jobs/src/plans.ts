/** All SQL of evolution jobs. */
import { createHash } from "node:crypto";

/**
 * The facts of a record that summaries need, as JSON: a twentieth of it. Rows of earlier releases have none stored, so that they are read
 * from the record.
 */
const factsOf = (record: string) => `
	(SELECT row_to_json(part) FROM json_to_record(${record}::json)
		AS part (score double precision, counts json, measures json, excess double precision))`;

/** A later version appends statements that bear repetition. */
const SCHEMA = `
CREATE SCHEMA IF NOT EXISTS archgen;
CREATE TABLE IF NOT EXISTS archgen.jobs (
	id text PRIMARY KEY,
	number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
	spec jsonb NOT NULL,
	state text NOT NULL,
	create_time timestamptz NOT NULL DEFAULT now(),
	start_time timestamptz,
	end_time timestamptz,
	run_count integer NOT NULL DEFAULT 0,
	stop_requested boolean NOT NULL DEFAULT false,
	problem jsonb,
	progress jsonb,
	model jsonb,
	executor text NOT NULL DEFAULT ''
);
-- A row is written before its evaluation begins and gets its outcome once: a record with its position, or a failure.
CREATE TABLE IF NOT EXISTS archgen.evaluations (
	job text NOT NULL REFERENCES archgen.jobs ON DELETE CASCADE,
	proposal bigint NOT NULL,
	hash text NOT NULL,
	launch text NOT NULL,
	dropped jsonb NOT NULL,
	position integer,
	record text,
	failure text,
	PRIMARY KEY (job, proposal),
	UNIQUE (job, hash),
	UNIQUE (job, position),
	CHECK ((record IS NULL) = (position IS NULL)),
	CHECK (record IS NULL OR failure IS NULL)
);
ALTER TABLE archgen.jobs ADD COLUMN IF NOT EXISTS request_id text UNIQUE;
CREATE TABLE IF NOT EXISTS archgen.trainings (
	id text PRIMARY KEY,
	request jsonb NOT NULL,
	state text NOT NULL DEFAULT 'RUNNING',
	create_time timestamptz NOT NULL DEFAULT now(),
	stop_requested boolean NOT NULL DEFAULT false,
	progress jsonb,
	problem jsonb
);
ALTER TABLE archgen.evaluations ADD COLUMN IF NOT EXISTS facts json;
-- Apart from the jobs, which are read often.
CREATE TABLE IF NOT EXISTS archgen.score_tables (
	job text PRIMARY KEY REFERENCES archgen.jobs ON DELETE CASCADE,
	rows json NOT NULL
);
`;

/** Names the statements that made the schema; kept as a comment of the table of jobs. */
export const SCHEMA_DIGEST = createHash("sha256").update(SCHEMA).digest("hex");
export const SELECT_SCHEMA_DIGEST =
	"SELECT obj_description(to_regclass('archgen.jobs'), 'pg_class') AS digest";
/** One transaction. Orchestrators that start together make the schema one after the other. */
export const MAKE_SCHEMA = `
	SELECT pg_advisory_xact_lock(hashtextextended('archgen/schema', 0));
	${SCHEMA};
	COMMENT ON TABLE archgen.jobs IS '${SCHEMA_DIGEST}'`;

/** A job's lock; whoever's connection holds it runs the job. */
export const TAKE_LOCK = "SELECT pg_try_advisory_lock(hashtextextended('archgen/job/' || $1, 0)) AS taken";
export const GIVE_LOCK = "SELECT pg_advisory_unlock(hashtextextended('archgen/job/' || $1, 0))";

/** With the rows of its score table, $4, unless they are null. */
export const INSERT_JOB = `
	WITH made AS (INSERT INTO archgen.jobs (id, spec, state, request_id) VALUES ($1, $2, 'CREATED', $3) RETURNING id)
	INSERT INTO archgen.score_tables (job, rows) SELECT id, $4::json FROM made WHERE $4::json IS NOT NULL`;
export const SELECT_SCORE_TABLE = "SELECT rows FROM archgen.score_tables WHERE job = $1";
export const SELECT_JOB_OF_REQUEST = "SELECT * FROM archgen.jobs WHERE request_id = $1";
export const SELECT_JOB = "SELECT * FROM archgen.jobs WHERE id = $1";
export const SELECT_JOBS = `
	SELECT * FROM archgen.jobs WHERE $1::bigint IS NULL OR number <= $1 ORDER BY number DESC LIMIT $2`;
export const SELECT_UNFINISHED = "SELECT * FROM archgen.jobs WHERE state IN ('QUEUED', 'RUNNING')";
export const DELETE_JOB = `
	DELETE FROM archgen.jobs WHERE id = $1 AND state NOT IN ('QUEUED', 'RUNNING') RETURNING id`;

/** A further run, from any of the states $2. */
export const QUEUE_JOB = `
	UPDATE archgen.jobs
	SET state = 'QUEUED', run_count = run_count + 1, stop_requested = false, problem = NULL, end_time = NULL
	WHERE id = $1 AND state = ANY($2) RETURNING *`;
/** A queued job stops at once, a running one when its executor reads this. */
export const REQUEST_STOP = `
	UPDATE archgen.jobs
	SET stop_requested = true,
		end_time = CASE WHEN state = 'QUEUED' THEN now() ELSE end_time END,
		state = CASE WHEN state = 'QUEUED' THEN 'CANCELLED' ELSE state END
	WHERE id = $1 AND state IN ('QUEUED', 'RUNNING') RETURNING *`;

export const INSERT_TRAINING = "INSERT INTO archgen.trainings (id, request) VALUES ($1, $2)";
export const SELECT_TRAINING = "SELECT * FROM archgen.trainings WHERE id = $1";
export const SAVE_TRAINING =
	"UPDATE archgen.trainings SET progress = $2 WHERE id = $1 RETURNING stop_requested";
export const STOP_TRAINING = "UPDATE archgen.trainings SET stop_requested = true WHERE id = $1";
export const END_TRAINING = "UPDATE archgen.trainings SET state = $2, problem = $3 WHERE id = $1";

/** What the executor of a job writes, over the connection that holds the job's lock. */
export const START_JOB = `
	UPDATE archgen.jobs
	SET state = 'RUNNING', start_time = coalesce(start_time, now()), executor = $2, model = $3
	WHERE id = $1 AND state IN ('QUEUED', 'RUNNING') RETURNING *`;
/** Nothing for a job that has ended: a late write must not wipe out why it failed. */
export const SAVE_PROGRESS = `
	UPDATE archgen.jobs SET progress = $2, problem = $3
	WHERE id = $1 AND state = 'RUNNING' RETURNING stop_requested`;
export const END_JOB =
	"UPDATE archgen.jobs SET state = $2, problem = $3, progress = coalesce($4, progress), end_time = now() WHERE id = $1";

export const INSERT_LAUNCH =
	"INSERT INTO archgen.evaluations (job, proposal, hash, launch, dropped) VALUES ($1, $2, $3, $4, $5)";
export const SAVE_RECORD = `
	UPDATE archgen.evaluations SET position = $3, record = $4::text, facts = ${factsOf("$4::text")}
	WHERE job = $1 AND proposal = $2 AND record IS NULL AND failure IS NULL`;
export const SAVE_FAILURE = `
	UPDATE archgen.evaluations SET failure = $3
	WHERE job = $1 AND proposal = $2 AND record IS NULL AND failure IS NULL`;

export const SELECT_RECORDS =
	"SELECT record FROM archgen.evaluations WHERE job = $1 AND position >= $2 ORDER BY position LIMIT $3";
export const SELECT_FACTS = `
	SELECT position AS index, coalesce(facts, ${factsOf("record")}) AS facts
	FROM archgen.evaluations WHERE job = $1 AND position >= $2 ORDER BY position LIMIT $3`;
export const SELECT_FAILED =
	"SELECT proposal, hash, failure FROM archgen.evaluations WHERE job = $1 AND failure IS NOT NULL ORDER BY proposal";
export const SELECT_OPEN = `
	SELECT launch FROM archgen.evaluations
	WHERE job = $1 AND record IS NULL AND failure IS NULL ORDER BY proposal`;
export const SUM_DROPPED = `
	SELECT reason, sum(count::bigint) AS count
	FROM archgen.evaluations, jsonb_each_text(dropped) AS each (reason, count)
	WHERE job = $1 GROUP BY reason`;
