import { isProxyName, PROXY_NAMES, type ProxyName } from "@archgen/proxies";
import { parseBytes, parseCount } from "@archgen/text";
import { InvalidArgumentError, Option } from "commander";

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

/** Parser of an option that takes a count: a positive whole number such as `450000000`, `450M`, `450 M`, `1.5G` or `4.5e8`. */
export function count(text: string): number {
	const value = parseCount(text);
	if (value === undefined)
		throw new InvalidArgumentError("It must be a positive count such as 450000000, 450M, 1.5G or 4.5e8.");
	return value;
}

/** Parser of an option that takes an amount of memory: bytes as a count, or with a unit such as `256k`, `1.5 MB` or `768 KiB`. */
export function bytes(text: string): number {
	const value = parseBytes(text);
	if (value === undefined)
		throw new InvalidArgumentError("It must be an amount of memory such as 786432, 256k, 1.5MB or 768KiB.");
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

/** `--proxies`, all of them unless given. */
export function proxiesOption(description: string): Option {
	return new Option("--proxies <names>", description).argParser(proxies).default([...PROXY_NAMES], "all");
}

function within(value: number, { min = -Infinity, max = Infinity }: Bounds): number {
	if (value < min) throw new InvalidArgumentError(`It must be at least ${min}.`);
	if (value > max) throw new InvalidArgumentError(`It must be at most ${max}.`);
	return value;
}
