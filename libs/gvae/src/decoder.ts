import { type ParameterScope, reshape, slice, type Tensor } from "@archgen/tensor-graph";
import { EDGES, KERNEL_SIZES, SLOTS, TYPES, ZC_DIMENSION } from "./dimensions.js";
import { GVAE_SIZE, type GvaeSize } from "./gvae-size.js";
import { mlp } from "./layers.js";

/** Logits of the reconstructed cell. */
export interface CellLogits {
	/** [batch, 36], node pairs in the order of `EDGE_PAIRS`. */
	readonly edges: Tensor;
	/** [batch, 6, 9] operation types by slot. */
	readonly types: Tensor;
	/** [batch, 6, 3] kernel sizes by slot. */
	readonly kernels: Tensor;
}

/**
 * Decoder of the G-VAE: one MLP for the edges, one for the features.
 *
 * Only what differs between cells is decoded: the features of the six operation slots. Global, input and output node
 * are the same in all.
 *
 * @param latent [batch, latent]
 */
export function gvaeDecoder(scope: ParameterScope, latent: Tensor, size: GvaeSize = GVAE_SIZE): CellLogits {
	const batch = latent.shape[0]!;
	const width = SLOTS * (TYPES + KERNEL_SIZES);
	const features = mlp(scope.scope("features"), latent, size.latent, size.mlp, width);
	const types = slice(features, [{ axis: 1, start: 0, end: SLOTS * TYPES }]);
	const kernels = slice(features, [{ axis: 1, start: SLOTS * TYPES, end: width }]);
	return {
		edges: mlp(scope.scope("edges"), latent, size.latent, size.mlp, EDGES),
		types: reshape(types, [batch, SLOTS, TYPES]),
		kernels: reshape(kernels, [batch, SLOTS, KERNEL_SIZES]),
	};
}

/** Predictor q: latent [batch, latent] → standardised zero-cost vector [batch, 4]. */
export function predictor(scope: ParameterScope, latent: Tensor, size: GvaeSize = GVAE_SIZE): Tensor {
	return mlp(scope, latent, size.latent, size.mlp, ZC_DIMENSION);
}
