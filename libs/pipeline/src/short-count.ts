const UNITS = [
	[1e9, "G"],
	[1e6, "M"],
	[1e3, "K"],
] as const;

/** 326665492 as 326.7M. */
export function short(value: number): string {
	const [size, suffix] = UNITS.find(([unit]) => Math.abs(value) >= unit) ?? [1, ""];
	return suffix === "" ? String(value) : `${(value / size).toFixed(1)}${suffix}`;
}
