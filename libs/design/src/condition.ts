/** What the wanted network is like. A missing field means "any". */
export interface Condition {
	readonly classes?: number;
	/** Height and width of the input in pixels. */
	readonly inputSize?: number;
	readonly parameterCount?: number;
	/** FLOPs in the paper's convention, 2 × (multiply-accumulates, biases, normalisations, pooling, ReLU). */
	readonly flopCount?: number;
	readonly naswot?: number;
	readonly snipSsnr?: number;
	/** Convolutions and linear layers on the longest way from the image to the outputs. */
	readonly depth?: number;
	/** Bytes of the largest set of maps that live at once when each number is of 8 bits. */
	readonly peakActivationBytesInt8?: number;
}

export type ConditionField = keyof Condition;
