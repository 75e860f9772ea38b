import { readBytes, readCount } from "../format.js";

/** A bound of the form, by the name of its option on the command line. */
export interface Bound {
	readonly name: string;
	readonly label: string;
	/** The text as the protocol takes it; text that means nothing stays for the server to complain about. */
	readonly read: (text: string) => string;
}

/** Bounds that are shown together. */
export interface BoundGroup {
	readonly title: string;
	readonly hint?: string;
	readonly bounds: readonly Bound[];
}

const count = (quantity: string): readonly Bound[] => [
	{ name: `min-${quantity}`, label: "at least", read: readCount },
	{ name: `max-${quantity}`, label: "at most", read: readCount },
];

const memory = (quantity: string): readonly Bound[] => [
	{ name: `max-${quantity}-int8`, label: "int8, at most", read: readBytes },
	{ name: `max-${quantity}-float32`, label: "float32, at most", read: readBytes },
];

/** All bounds of a request on counts and memory. */
export const BOUND_GROUPS: readonly BoundGroup[] = [
	{ title: "Parameters", bounds: count("parameter-count") },
	{ title: "MACs", hint: "what most papers on mobile networks call FLOPs", bounds: count("mac-count") },
	{ title: "flopCount", hint: "about twice the MACs", bounds: count("flop-count") },
	{ title: "Weights in bytes", hint: "flash of a small device", bounds: memory("weight-bytes") },
	{
		title: "Peak activations in bytes",
		hint: "its SRAM: feature maps that are alive at once",
		bounds: memory("peak-activation-bytes"),
	},
	{
		title: "Depth",
		hint: "convolutions and linear layers on the longest path",
		bounds: [{ name: "max-depth", label: "at most", read: readCount }],
	},
];

/** `max-weight-bytes-int8` → `maxWeightBytesInt8`. */
export const fieldName = (option: string): string =>
	option.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());

/** `maxWeightBytesInt8` → `max-weight-bytes-int8`. */
export const optionName = (field: string): string =>
	field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** Bounds as the protocol names them. */
export function constraintsOf(texts: Readonly<Record<string, string>>): Record<string, string> {
	const bounds = BOUND_GROUPS.flatMap((group) => group.bounds);
	return Object.fromEntries(
		bounds.flatMap(({ name, read }) => {
			const text = texts[name]?.trim();
			return text ? [[fieldName(name), read(text)]] : [];
		}),
	);
}
