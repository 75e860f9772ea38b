import { ZC_COLUMNS } from "@archgen/design";
import type { common } from "@archgen/rpc";

/** The message of a zero-cost vector in natural units: naswot, snipSsnr, parameterCount, flopCount. */
export function zcVectorToMessage(row: ArrayLike<number>): common.ZcVector {
	return { naswot: row[0]!, snipSsnr: row[1]!, parameterCount: row[2]!, flopCount: row[3]! };
}

/** The row of a message, in the order that models take. */
export function zcVectorFromMessage(message: common.ZcVector): number[] {
	return ZC_COLUMNS.map((column) => message[column]);
}
