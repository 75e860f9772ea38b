export * from "./cell-tensors.js";
export * from "./decode-cell.js";
export * from "./decoder.js";
export {
	FEATURES,
	NODES,
} from "./dimensions.js";
export * from "./encoder.js";
export * from "./evaluate-gvae.js";
export * from "./export-gvae.js";
export * from "./gvae-config.js";
export * from "./gvae-model.js";
export * from "./gvae-size.js";
export * from "./held-out-loss.js";
export * from "./latent-measures.js";
export * from "./loss.js";
export * from "./predicted-vectors.js";
export * from "./repair-cell.js";
export * from "./train-gvae.js";
export * from "./training-batch.js";
export * from "./training-graph.js";
export * from "./training-pool.js";
export * from "./triplets.js";
