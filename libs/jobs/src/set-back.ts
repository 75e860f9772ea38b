import { repeat } from "@archgen/concurrency";

/** How often the clocks are compared. */
const LOOK_MS = 250;
/** Milliseconds by which a wall clock is corrected without anybody noticing. */
const HARMLESS_MS = 500;

/** Milliseconds from the monotonic clock, which nobody sets, to the wall clock. */
function offset(): number {
	return Date.now() - performance.now();
}

/**
 * Runs a task after each time that the machine's wall clock was set back by half a second or more.
 *
 * @param task must not reject
 * @returns stops looking
 */
export function whenSetBack(task: (byMs: number) => Promise<void>): () => void {
	let known = offset();
	return repeat(async () => {
		const now = offset();
		const byMs = known - now;
		known = now;
		if (byMs >= HARMLESS_MS) await task(byMs);
	}, LOOK_MS);
}
