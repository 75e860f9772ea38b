/** Bytes of a page: below the 4 MiB that receivers take unless told otherwise, with room for what lies around it. */
export const PAGE_BYTES = 3 * 2 ** 20;

/** Bytes of one piece of a file. */
export const PIECE_BYTES = 2 ** 20;

/**
 * The first items that fit into a size together; at least one, so that there is headway.
 *
 * @param sizeOf bytes of an item
 */
export function firstOfSize<T>(items: readonly T[], bytes: number, sizeOf: (item: T) => number): T[] {
	let sum = 0;
	const end = items.findIndex((item, i) => {
		sum += sizeOf(item);
		return sum > bytes && i > 0;
	});
	return items.slice(0, end < 0 ? undefined : end);
}
