import { isProxyName, PROXY_NAMES, type ProxyName } from "@archgen/proxies";
import { InvalidArgumentError } from "commander";

/** Bounds of a number, inclusive. */
export interface Bounds {
	readonly min?: number;
	readonly max?: number;
}

/** Parser of an option that takes a whole number. Commander puts the option's name before the message. */
export function integer(bounds: Bounds = {}): (text: string) => number {
	return (text) => {
		const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
		if (!Number.isSafeInteger(value)) throw new InvalidArgumentError("It must be a whole number.");
		return within(value, bounds);
	};
}

/** Parser of an option that takes any finite number. */
export function number(bounds: Bounds = {}): (text: string) => number {
	return (text) => {
		const value = text.trim() === "" ? Number.NaN : Number(text);
		if (!Number.isFinite(value)) throw new InvalidArgumentError("It must be a finite number.");
		return within(value, bounds);
	};
}

const SUFFIXES: Readonly<Record<string, number>> = { "": 1, K: 1e3, M: 1e6, G: 1e9, T: 1e12 };

/** Parser of an option that takes a count: a positive whole number such as `450000000`, `450M`, `450 M`, `1.5G` or `4.5e8`. */
export function count(text: string): number {
	const match = /^(\d+(?:\.\d+)?(?:e\+?\d+)?)\s*([KMGT]?)$/i.exec(
		text.trim().replaceAll(/(?<=\d)_(?=\d)/g, ""),
	);
	const value = match ? Math.round(Number(match[1]) * SUFFIXES[match[2]!.toUpperCase()]!) : Number.NaN;
	if (!Number.isSafeInteger(value) || value < 1)
		throw new InvalidArgumentError("It must be a positive count such as 450000000, 450M, 1.5G or 4.5e8.");
	return value;
}

/** Parser of an option that takes one of a few words. */
export function choice<T extends string>(choices: readonly T[]): (text: string) => T {
	return (text) => {
		const found = choices.find((candidate) => candidate === text);
		if (found === undefined) throw new InvalidArgumentError(`It must be one of ${choices.join(", ")}.`);
		return found;
	};
}

/** Parser of an option that takes some of a few words, separated by commas. */
export function choices<T extends string>(known: readonly T[]): (text: string) => readonly T[] {
	const one = choice(known);
	return (text) => [...new Set(text.split(",").map((word) => one(word.trim())))];
}

/** Parser of an option that takes several values, separated by commas. */
export function listOf<T>(one: (word: string) => T): (text: string) => readonly T[] {
	return (text) => text.split(",").map((word) => one(word.trim()));
}

/** Parser of what a column's name begins with. */
export function columnStem(word: string): string {
	if (/^\w+$/.test(word)) return word;
	throw new InvalidArgumentError("It must be the beginning of a column's name, such as c10 of c10_val.");
}

/** Parser of an option that may be repeated; begins with its default, usually `[]`. */
export function several<T>(one: (text: string) => T): (text: string, before: readonly T[]) => readonly T[] {
	return (text, before) => [...before, one(text)];
}

/** Parser of an option that takes names of proxies, separated by commas, or `all`. */
export function proxies(text: string): readonly ProxyName[] {
	if (text.trim() === "all") return PROXY_NAMES;
	const names = text.split(",").map((name) => name.trim());
	const unknown = names.find((name) => !isProxyName(name));
	if (unknown !== undefined)
		throw new InvalidArgumentError(`"${unknown}" is none of ${PROXY_NAMES.join(", ")}.`);
	return [...new Set(names.filter(isProxyName))];
}

function within(value: number, { min = -Infinity, max = Infinity }: Bounds): number {
	if (value < min) throw new InvalidArgumentError(`It must be at least ${min}.`);
	if (value > max) throw new InvalidArgumentError(`It must be at most ${max}.`);
	return value;
}
