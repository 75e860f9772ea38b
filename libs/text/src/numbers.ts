/** Sign of a figure that does not exist. */
const NONE = "–";

const UNITS = [
	[1e9, "G"],
	[1e6, "M"],
	[1e3, "K"],
] as const;

/** 1148474 as 1,148,474; fractions keep six significant digits. */
export function grouped(value: number): string {
	return Number.isInteger(value) ? value.toLocaleString("en-US") : String(Number(value.toPrecision(6)));
}

/** 75 seconds as 1:15, 3,700 as 1:01:40. */
export function duration(seconds: number): string {
	const whole = Math.max(0, Math.round(seconds));
	const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
	const shown = parts[0] === 0 ? parts.slice(1) : parts;
	return shown.map((part, i) => (i === 0 ? String(part) : String(part).padStart(2, "0"))).join(":");
}

/** 326665492 as 326.7M. */
export function short(value: number): string {
	const [size, suffix] = UNITS.find(([unit]) => Math.abs(value) >= unit) ?? [1, ""];
	return suffix === "" ? String(value) : `${(value / size).toFixed(1)}${suffix}`;
}

/** A figure with a fixed number of decimals, 3 unless given; a dash where there is none. */
export function decimals(value: number | null | undefined, digits = 3): string {
	return value === null || value === undefined ? NONE : value.toFixed(digits);
}

/** 0.1234 as 12.3 %, with as many decimals as asked for. */
export function percent(share: number, digits = 1): string {
	return `${(100 * share).toFixed(digits)} %`;
}

/** Mean and spread as 1.25 ± 0.10, each written by `show`. */
export function plusMinus(
	{ mean, sd }: { readonly mean: number; readonly sd: number },
	show: (value: number) => string = (value) => value.toFixed(2),
): string {
	return `${show(mean)} ± ${show(sd)}`;
}
