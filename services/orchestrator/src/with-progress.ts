/** What {@link withProgress} yields. */
export type ProgressEvent<P, R> = { readonly progress: P } | { readonly result: R };

/**
 * Runs something that reports progress by callback as a stream: progress as it comes, the result at the end. A slow reader
 * gets the latest progress only.
 */
export async function* withProgress<P, R>(
	run: (report: (progress: P) => void) => Promise<R>,
): AsyncGenerator<ProgressEvent<P, R>, void, undefined> {
	const latest: { progress?: P } = {};
	let wake = () => {};
	const finished = run((progress) => {
		latest.progress = progress;
		wake();
	}).then(
		(result) => () => result,
		(failure: unknown) => () => {
			throw failure;
		},
	);
	for (;;) {
		const news = new Promise<undefined>((resolve) => {
			wake = () => resolve(undefined);
		});
		const { progress } = latest;
		if (progress !== undefined) {
			latest.progress = undefined;
			yield { progress };
			continue;
		}
		const end = await Promise.race([finished, news]);
		if (end !== undefined && latest.progress === undefined) {
			yield { result: end() };
			return;
		}
	}
}
