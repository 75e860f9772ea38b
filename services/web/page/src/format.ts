import { parseBytes, parseCount } from "@archgen/text";

const UNITS = [
	["T", 1e12],
	["G", 1e9],
	["M", 1e6],
	["K", 1e3],
] as const;

/** A count in few characters, e.g. 435.3M. */
export function short(value: number): string {
	const [unit, size] = UNITS.find(([, least]) => Math.abs(value) >= least) ?? ["", 1];
	if (unit === "") return Number.isInteger(value) ? String(value) : trim(value);
	return `${(value / size).toFixed(value / size >= 100 ? 1 : 2).replace(/\.?0+$/, "")}${unit}`;
}

/** A score with four significant digits. */
export function trim(value: number): string {
	if (!Number.isFinite(value)) return String(value);
	return Math.abs(value) >= 1000
		? Math.round(value).toLocaleString("en-US")
		: String(Number(value.toPrecision(4)));
}

/** A whole number with separators. */
export const exact = (value: number): string => value.toLocaleString("en-US");

/** A share in per cent; the unit stays with its number where a line breaks. */
export const percent = (value: number): string => `${(100 * value).toFixed(1)}\u00a0%`;

const BYTES = ["B", "KiB", "MiB", "GiB"];

/** Bytes in few characters. */
export function bytes(value: number): string {
	const step = Math.min(BYTES.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
	return `${Number((value / 1024 ** step).toPrecision(3))} ${BYTES[step]}`;
}

/** Multiples of a power of two between two amounts, at most `count` of them and one more. */
export function byteTicks(least: number, most: number, count: number): number[] {
	const step = 2 ** Math.ceil(Math.log2(Math.max(1, (most - least) / count)));
	const first = Math.ceil(least / step);
	return Array.from({ length: Math.floor(most / step) - first + 1 }, (_, i) => (first + i) * step);
}

/** Seconds as people say them, e.g. 1 h 5 min. */
export function duration(seconds: number): string {
	if (!Number.isFinite(seconds)) return "unknown";
	if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s`;
	const minutes = Math.round(seconds / 60);
	if (minutes < 60) return `${minutes} min`;
	return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** A count as people write it (450M, 1e8) in digits; the text itself when it is none, for the server to complain about. */
export const readCount = (text: string): string => String(parseCount(text) ?? text.trim());

/** Bytes as people write them (256k, 1.5 MB, 768 KiB) in digits; the text itself when it is none, for the server to complain about. */
export const readBytes = (text: string): string => String(parseBytes(text) ?? text.trim());

/** `GENERATION_STEP_SCORING` → `scoring`, given the prefix. */
export function enumText(value: string, prefix: string): string {
	return value.replace(prefix, "").toLowerCase().replaceAll("_", " ");
}
