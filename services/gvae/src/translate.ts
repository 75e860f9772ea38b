import { ArchgenError } from "@archgen/errors";
import type { DecodeResult } from "@archgen/gvae";
import { destandardize, type Standardizer } from "@archgen/mixture";
import { errorToItem, type gvae } from "@archgen/rpc";
import { cellToMessage, zcVectorToMessage } from "@archgen/wire";

/** The message of what a latent decoded to. A latent that means no cell is the model's doing, not a wrong argument. */
export function decodedToMessage(result: DecodeResult): gvae.DecodedCell {
	if (result.ok) {
		return { outcome: { $case: "cell", value: cellToMessage(result.cell) }, repaired: result.repaired };
	}
	const { reason, message } = result;
	const error = errorToItem(new ArchgenError({ category: "FAILED_PRECONDITION", reason, message }));
	return { outcome: { $case: "error", value: error }, repaired: false };
}

/** The message of a standardised zero-cost vector, in both scales. */
export function predictionToMessage(
	standardizer: Standardizer,
	standardized: ArrayLike<number>,
): gvae.PredictedZcVector {
	return {
		zcVector: zcVectorToMessage(destandardize(standardizer, standardized)),
		standardized: Array.from(standardized),
	};
}
