import { HIDDEN, LATENT } from "./dimensions.js";

/** Widths of the networks. The defaults are the published ones; tests use smaller ones. */
export interface GvaeSize {
	/** Node states of the encoder, default 512. */
	readonly hidden: number;
	/** Latent dimension, default 256. */
	readonly latent: number;
	/** Hidden width of the decoder and predictor MLPs, default 256. */
	readonly mlp: number;
}

export const GVAE_SIZE: GvaeSize = { hidden: HIDDEN, latent: LATENT, mlp: 256 };
