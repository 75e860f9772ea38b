/** A value of Python's literal syntax: a dictionary becomes a map, tuples and lists become arrays, None is null. */
export type Literal = string | number | boolean | null | readonly Literal[] | ReadonlyMap<Literal, Literal>;

const TOKEN =
	/\s*(?:([{}()[\],:])|[bBuUrR]?'((?:[^'\\\n]|\\.)*)'|[bBuUrR]?"((?:[^"\\\n]|\\.)*)"|([+-]?\d[\d_]*)[lL]?(?![\w.])|(True|False|None)(?!\w))/y;
const WORDS: Readonly<Record<string, Literal>> = { True: true, False: false, None: null };
/** Brackets in brackets at most. */
const DEEPEST = 16;

interface Token {
	readonly sign?: string;
	readonly value?: Literal;
}

/**
 * Reads a Python literal of strings, whole numbers (Python 2's `5L` too), True, False, None, dictionaries, tuples and lists; no expressions, no
 * fractions, no escapes in strings.
 *
 * @returns undefined for anything else
 */
export function parseLiteral(text: string): Literal | undefined {
	const tokens = tokenize(text.trim());
	if (tokens === undefined) return undefined;
	const reader = new Reader(tokens);
	const value = reader.value(0);
	return reader.isDone ? value : undefined;
}

function tokenize(text: string): Token[] | undefined {
	const tokens: Token[] = [];
	const pattern = new RegExp(TOKEN);
	while (pattern.lastIndex < text.length) {
		const match = pattern.exec(text);
		if (match === null) return undefined;
		const [, sign, single, double, digits, word] = match;
		const string = single ?? double;
		if (sign !== undefined) tokens.push({ sign });
		else if (string !== undefined) tokens.push({ value: string });
		else if (digits !== undefined) tokens.push({ value: Number(digits.replaceAll("_", "")) });
		else tokens.push({ value: WORDS[word!]! });
	}
	return tokens;
}

/** Recursive descent over tokens; undefined from any part means that the text is no literal. */
class Reader {
	#next = 0;

	constructor(private readonly tokens: readonly Token[]) {}

	get isDone(): boolean {
		return this.#next === this.tokens.length;
	}

	value(depth: number): Literal | undefined {
		const token = this.tokens[this.#next++];
		if (token === undefined || depth > DEEPEST) return undefined;
		if (token.sign === "{") return this.#dictionary(depth);
		if (token.sign === "[") return this.#sequence("]", depth)?.items;
		if (token.sign === "(") return this.#tuple(depth);
		return token.value;
	}

	/** `(3)` is a number in brackets, `(3,)` a tuple. */
	#tuple(depth: number): Literal | undefined {
		const found = this.#sequence(")", depth);
		if (found === undefined) return undefined;
		const [only] = found.items;
		return found.items.length === 1 && !found.hasTrailingComma ? only : found.items;
	}

	#sequence(close: string, depth: number) {
		const items: Literal[] = [];
		let hasTrailingComma = false;
		while (!this.#take(close)) {
			if (items.length > 0 && !hasTrailingComma) return undefined;
			const item = this.value(depth + 1);
			if (item === undefined) return undefined;
			items.push(item);
			hasTrailingComma = this.#take(",");
		}
		return { items, hasTrailingComma };
	}

	#dictionary(depth: number): ReadonlyMap<Literal, Literal> | undefined {
		const entries = new Map<Literal, Literal>();
		let comma = true;
		while (!this.#take("}")) {
			const key = comma ? this.value(depth + 1) : undefined;
			const value = key !== undefined && this.#take(":") ? this.value(depth + 1) : undefined;
			if (key === undefined || value === undefined) return undefined;
			entries.set(key, value);
			comma = this.#take(",");
		}
		return entries;
	}

	#take(sign: string): boolean {
		if (this.tokens[this.#next]?.sign !== sign) return false;
		this.#next++;
		return true;
	}
}
