/** Names of the model inputs and outputs that are not weights. */
export const PORT = {
	x: "x",
	y: "y",
	dx: "dx",
	dy: "dy",
	scale: "scale",
	labels: "labels",
	loss: "loss",
} as const;
/** Output name of the code product of a layer. */
export const gramOf = (layer: string) => `gram/${layer}`;
/** Output name of the gradient of a weight. */
export const gradientOf = (parameter: string) => `gradient/${parameter}`;
