/** Form of the field: `residual` is ours (ADR 008), `plain` the published stack of tanh layers. */
export type FieldForm = "residual" | "plain";

/** Widths of the flow. The defaults are the published ones; tests use smaller ones. */
export interface CcnfSize {
	/** Dimension D of the latents, default 256. */
	readonly dimension: number;
	/** Numbers in the condition z, default 4. */
	readonly condition: number;
	/** Width of the hidden layers, default 512. */
	readonly hidden: number;
	/** Number of hidden layers before the output layer, default 9. */
	readonly layers: number;
	/** Default `residual`. */
	readonly form?: FieldForm;
}

export const CCNF_SIZE: CcnfSize = { dimension: 256, condition: 4, hidden: 512, layers: 9 };
