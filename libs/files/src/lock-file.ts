import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { lock } from "proper-lockfile";

/** A lock that is held. */
export interface FileLock {
	/** Throws `FILE_LOCK_LOST` when another process took the lock over because this one was stopped for too long. */
	check(): void;
	/** Gives the lock back; a second call does nothing. */
	release(): Promise<void>;
}

/** Milliseconds without a sign of life after which a lock belongs to nobody: its process was killed. */
const STALE = 10_000;
/** Milliseconds between two signs of life. */
const UPDATE = 1_000;
/** Milliseconds between two looks at the lock of somebody else. */
const LOOK = 300;

/**
 * Locks a file for its one writer, by a folder `PATH.lock` beside it that is touched once a second. The file itself need not exist.
 *
 * A lock that nobody touches is taken over after ten seconds, so that a process that was killed keeps nobody out; a lock that is touched is refused at
 * once.
 *
 * @throws ArchgenError FAILED_PRECONDITION `FILE_LOCKED` while another process writes, CANCELLED when the signal fires
 */
export async function lockFile(path: string, signal?: AbortSignal): Promise<FileLock> {
	await mkdir(dirname(path), { recursive: true });
	let lost = false;
	const options = { realpath: false, stale: STALE, update: UPDATE, onCompromised: () => (lost = true) };
	let seen = await touched(path);
	for (;;) {
		throwIfAborted(signal);
		const release = await lock(path, options).catch(otherwise);
		if (release !== undefined) return heldLock(path, release, () => lost);
		const now = await touched(path);
		if (seen !== undefined && now !== undefined && now !== seen) throw locked(path);
		seen = now ?? seen;
		await sleep(LOOK);
	}
}

/** Holds the lock of a file while `work` runs; see {@link lockFile}. */
export async function withFileLock<T>(
	path: string,
	signal: AbortSignal | undefined,
	work: (lock: FileLock) => Promise<T>,
): Promise<T> {
	const lock = await lockFile(path, signal);
	try {
		return await work(lock);
	} finally {
		await lock.release();
	}
}

function heldLock(path: string, unlock: () => Promise<void>, isLost: () => boolean): FileLock {
	let released = false;
	return {
		check: () => {
			if (isLost()) throw lockLost(path);
		},
		release: async () => {
			if (released || isLost()) return;
			released = true;
			await unlock();
		},
	};
}

/** Time of the last sign of life of the lock, if there is one. */
async function touched(path: string): Promise<number | undefined> {
	return stat(`${path}.lock`).then(
		({ mtimeMs }) => mtimeMs,
		() => undefined,
	);
}

function otherwise(error: NodeJS.ErrnoException): undefined {
	if (error.code !== "ELOCKED") throw error;
}

function locked(path: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "FILE_LOCKED",
		message: `Another process is writing to ${path} (its lock is ${path}.lock); wait until it ends or choose another file.`,
		metadata: { path },
	});
}

function lockLost(path: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "FILE_LOCK_LOST",
		message: `Another process took over ${path} while this one was stopped; let that one finish.`,
		metadata: { path },
	});
}
