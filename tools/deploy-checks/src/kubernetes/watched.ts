/** A value that remembers which of its fields were looked at. */
export interface Watched {
	readonly value: unknown;
	/** JSON pointers of the fields that nobody looked at. */
	unread(): string[];
}

/** Wraps JSON so that reading is recorded, all the way down. */
export function watch(data: unknown): Watched {
	const seen = new Map<object, Set<PropertyKey>>();
	const proxies = new Map<object, object>();
	const wrap = (value: unknown): unknown => {
		if (typeof value !== "object" || value === null) return value;
		const known = proxies.get(value) ?? new Proxy(value, { get });
		proxies.set(value, known);
		return known;
	};
	const get = (target: object, key: PropertyKey): unknown => {
		seen.set(target, (seen.get(target) ?? new Set()).add(key));
		return wrap(Reflect.get(target, key));
	};
	return { value: wrap(data), unread: () => unreadFields(data, seen, "") };
}

function unreadFields(
	value: unknown,
	seen: ReadonlyMap<object, ReadonlySet<PropertyKey>>,
	path: string,
): string[] {
	if (typeof value !== "object" || value === null) return [];
	return Object.entries(value).flatMap(([key, child]) =>
		seen.get(value)?.has(key) ? unreadFields(child, seen, `${path}/${key}`) : [`${path}/${key}`],
	);
}
