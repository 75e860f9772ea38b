import { invalidArgument } from "@archgen/errors";

/** z(x) = [NASWOT, SNIP-SSNR, parameters, flopCount] of α_x, the description of a cell. */
export interface ZcVector {
	readonly naswot: number;
	readonly snipSsnr: number;
	readonly parameterCount: number;
	readonly flopCount: number;
}

/** Order of the ZC vector z. */
export const ZC_COLUMNS = ["naswot", "snipSsnr", "parameterCount", "flopCount"] as const;

/** Its scales: all but NASWOT, which is a logarithm already, are on a log scale. */
export const ZC_LOG: readonly boolean[] = [false, true, true, true];

/** The ZC vector as a row in the order of `ZC_COLUMNS`. */
export function zcRow(z: ZcVector): number[] {
	return ZC_COLUMNS.map((column) => z[column]);
}

/**
 * ZC distance d(a, b) = ‖a − b‖₁ of two standardised ZC vectors; small for cells that zero-cost proxies take for alike.
 *
 * @throws ArchgenError INVALID_POINT when the lengths differ
 */
export function zcDistance(a: ArrayLike<number>, b: ArrayLike<number>): number {
	if (a.length !== b.length)
		throw invalidArgument("b", `must have ${a.length} values, not ${b.length}`, "INVALID_POINT");
	let sum = 0;
	for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!);
	return sum;
}
