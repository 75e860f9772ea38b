/**
 * Runs a task again and again, `everyMs` after the end of the run before. It never keeps the process alive.
 *
 * @param task must not reject
 * @returns stops the repetition; a run in progress finishes
 */
export function repeat(task: () => Promise<void>, everyMs: number): () => void {
	let timer: NodeJS.Timeout;
	let stopped = false;
	const schedule = () => {
		timer = setTimeout(run, everyMs);
		timer.unref();
	};
	const run = async () => {
		await task();
		if (!stopped) {
			schedule();
		}
	};
	schedule();
	return () => {
		stopped = true;
		clearTimeout(timer);
	};
}
