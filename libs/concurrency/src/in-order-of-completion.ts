/** What the next of several things to happen is: a new item came in, or one is done. */
type Event<T, R> = { readonly read: IteratorResult<T> } | { readonly done: symbol; readonly result: R };

/**
 * Works on several items at once and yields results in the order in which they are done. Never more than `limit` items are
 * taken from the source and not yet yielded, so a slow reader slows the source down.
 *
 * @param limit items at once, at least 1
 * @param work must settle once `signal`-like conditions of its own end it; what it throws ends the iteration
 */
export async function* inOrderOfCompletion<T, R>(
	source: AsyncIterable<T> | Iterable<T>,
	limit: number,
	work: (item: T, index: number) => Promise<R>,
): AsyncGenerator<R, void, undefined> {
	const items = iterate(source);
	const running = new Map<symbol, Promise<Event<T, R>>>();
	let reading: Promise<Event<T, R>> | undefined;
	let ended = false;
	let index = 0;
	try {
		while (!ended || running.size > 0) {
			if (!ended && running.size < limit) {
				reading ??= items.next().then((read) => ({ read }));
			}
			const event = await Promise.race([...running.values(), ...(reading ? [reading] : [])]);
			if ("done" in event) {
				running.delete(event.done);
				yield event.result;
				continue;
			}
			reading = undefined;
			if (event.read.done) {
				ended = true;
				continue;
			}
			const done = Symbol();
			running.set(
				done,
				work(event.read.value, index).then((result) => ({ done, result })),
			);
			index += 1;
		}
	} finally {
		// When the iteration ends early nobody awaits what is left.
		for (const left of [...running.values(), ...(reading ? [reading] : [])]) {
			left.catch(() => {});
		}
		items.return?.(undefined)?.then(undefined, () => {});
	}
}

async function* iterate<T>(source: AsyncIterable<T> | Iterable<T>): AsyncGenerator<T, void, undefined> {
	yield* source;
}
