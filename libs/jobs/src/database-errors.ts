import { ArchgenError } from "@archgen/errors";

const RETRY_MS = 1_000;
const NETWORK =
	/ECONN|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN|Connection terminated|not queryable|end on the pool|timeout/i;

const CONFLICT = "DATABASE_CONFLICT";

/** SQLSTATE classes that pass: what is to be said of each. */
const PASSING: readonly [prefix: string, reason: string, says: string][] = [
	["53100", "DATABASE_DISK_FULL", "The disk of the database is full; make room"],
	["53", "DATABASE_OVERLOADED", "The database lacks resources"],
	["08", "DATABASE_UNAVAILABLE", "The connection to the database is lost"],
	["57P", "DATABASE_UNAVAILABLE", "The database is shutting down or starting"],
	["58030", "DATABASE_IO_ERROR", "The database cannot read or write its files"],
	["40", CONFLICT, "The database rolled a transaction back"],
];

/** SQLSTATE classes that only an operator can do something about. */
const REFUSING: readonly [prefix: string, reason: string, says: string][] = [
	[
		"28",
		"DATABASE_ACCESS_DENIED",
		"The database refuses this user or password; correct jobs.databaseUrl or DATABASE_URL",
	],
	[
		"3D000",
		"DATABASE_MISSING",
		"There is no such database; create it, or correct jobs.databaseUrl or DATABASE_URL",
	],
	[
		"42501",
		"DATABASE_RIGHTS_MISSING",
		"The database user must not create schema and tables; give it the right to",
	],
];

/**
 * The domain's name for what a database driver throws, or what DBOS makes of it: UNAVAILABLE for what passes; anything else comes back
 * unchanged.
 */
export function databaseError(error: unknown): unknown {
	if (!(error instanceof Error) || error instanceof ArchgenError) return error;
	const code = "code" in error && typeof error.code === "string" ? error.code : "";
	const refusal = REFUSING.find(([prefix]) => code.length === 5 && code.startsWith(prefix));
	if (refusal !== undefined) return refused(refusal[1], `${refusal[2]} (${error.message}).`, error);
	const found = PASSING.find(([prefix]) => code.length === 5 && code.startsWith(prefix));
	if (found !== undefined) return unavailable(found[1], `${found[2]} (${error.message}).`, error);
	const text = error instanceof AggregateError ? String(error.errors[0]) : `${code} ${error.message}`;
	if (NETWORK.test(text))
		return unavailable("DATABASE_UNAVAILABLE", `The database cannot be reached (${text.trim()}).`, error);
	// DBOS keeps what made it fail to start in a field of its own.
	const inner = error.cause ?? ("error" in error ? error.error : undefined);
	const known = databaseError(inner);
	return known === inner ? error : known;
}

/** True for statements that were undone because of others at the same time (deadlock, serialisation). */
export function isConflict(error: unknown): boolean {
	return error instanceof ArchgenError && error.reason === CONFLICT;
}

function refused(reason: string, message: string, cause: Error): ArchgenError {
	return new ArchgenError({ category: "FAILED_PRECONDITION", reason, message, cause });
}

function unavailable(reason: string, message: string, cause: Error): ArchgenError {
	return new ArchgenError({ category: "UNAVAILABLE", reason, message, retryAfterMs: RETRY_MS, cause });
}
