import type { common } from "@archgen/rpc";

/** Columns of a zero-cost vector as models take it. */
const COLUMNS = ["naswot", "snipSsnr", "parameterCount", "flopCount"] as const;

/** The message of a zero-cost vector in natural units: naswot, snipSsnr, parameterCount, flopCount. */
export function zcVectorToMessage(row: ArrayLike<number>): common.ZcVector {
	return { naswot: row[0]!, snipSsnr: row[1]!, parameterCount: row[2]!, flopCount: row[3]! };
}

/** The row of a message, in the order that models take. */
export function zcVectorFromMessage(message: common.ZcVector): number[] {
	return COLUMNS.map((column) => message[column]);
}
