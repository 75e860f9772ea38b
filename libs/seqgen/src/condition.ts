import type { ConditionField } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";

/** A log-scaled binning: `bins` bins of equal ratio from `low` to `high`; values outside go to the nearest bin. */
export interface BinScale {
	readonly low: number;
	readonly high: number;
	readonly bins: number;
}

/** The fields in the order of the prompt. */
export const CONDITION_FIELDS: readonly ConditionField[] = [
	"classes",
	"inputSize",
	"parameterCount",
	"flopCount",
	"naswot",
	"snipSsnr",
	"depth",
	"peakActivationBytesInt8",
];

/** Bins by field. A field without has no token and no place in the prompt: vocabularies from before `depth` have neither that nor what follows it. */
export type ConditionScales = { readonly [F in ConditionField]?: BinScale };

/** Default bins: three per octave for sizes that users give, two to four per octave elsewhere. */
export const DEFAULT_SCALES: Required<ConditionScales> = {
	classes: { low: 2, high: 100_000, bins: 32 },
	inputSize: { low: 16, high: 512, bins: 20 },
	parameterCount: { low: 1e3, high: 1e9, bins: 60 },
	flopCount: { low: 1e5, high: 1e12, bins: 70 },
	naswot: { low: 50, high: 12_800, bins: 32 },
	snipSsnr: { low: 1, high: 4_096, bins: 36 },
	depth: { low: 4, high: 512, bins: 28 },
	peakActivationBytesInt8: { low: 2 ** 12, high: 2 ** 28, bins: 32 },
};

/**
 * Bin of a positive value; values outside the scale go to the first or last bin.
 *
 * @throws INVALID_ARGUMENT for a value that is not a positive finite number
 */
export function binOf(scale: BinScale, value: number, field: string): number {
	if (!Number.isFinite(value) || value <= 0) {
		throw invalidArgument(field, "must be a positive finite number");
	}
	const position = Math.log(value / scale.low) / Math.log(scale.high / scale.low);
	return Math.min(scale.bins - 1, Math.max(0, Math.floor(position * scale.bins)));
}

/** Geometric centre of a bin, the value that a decoded condition token stands for. */
export function binCentre(scale: BinScale, bin: number): number {
	return scale.low * (scale.high / scale.low) ** ((bin + 0.5) / scale.bins);
}
