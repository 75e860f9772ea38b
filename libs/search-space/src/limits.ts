/** Bounds of a whole-numbered field. */
export interface IntegerRange {
	readonly minimum: number;
	readonly maximum: number;
	readonly multipleOf?: number;
}

/** Bounds of a macro network. */
export const NETWORK_LIMITS = {
	/** Side of the image. */
	size: { minimum: 16, maximum: 512 },
	/** Channels of the image. */
	inputChannels: { minimum: 1, maximum: 64 },
	/** Of a classifier; `TASKS` has the outputs of other tasks. */
	classes: { minimum: 2, maximum: 100_000 },
	/** Channels of the stem, of stages and of the final convolution. */
	channels: { minimum: 8, maximum: 1024, multipleOf: 8 },
	stride: { minimum: 1, maximum: 2 },
	repeats: { minimum: 1, maximum: 4 },
	/** Cell instances of all stages together. */
	cells: { minimum: 1, maximum: 20 },
} as const satisfies Readonly<Record<string, IntegerRange>>;
