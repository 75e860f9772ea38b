import type { ActivationKind, LayerBuilder } from "./layer-builder.js";

/** Choices of a squeeze-and-excitation. */
export interface SqueezeExcite {
	/** Channels between its two convolutions. */
	readonly reduced: number;
	/** Activation that makes the gate. */
	readonly gate: Extract<ActivationKind, "sigmoid" | "hard_sigmoid">;
}

/** x · gate(1×1(ReLU(1×1(mean x)))), both convolutions with bias (Hu et al., CVPR 2018). */
export function appendSqueezeExcite(
	builder: LayerBuilder,
	name: string,
	input: number,
	{ reduced, gate }: SqueezeExcite,
): number {
	const { channels } = builder.shape(input);
	let value = builder.squeeze(`${name}.pool`, input);
	value = builder.conv(`${name}.reduce`, value, { outChannels: reduced, bias: true });
	value = builder.relu(`${name}.relu`, value);
	value = builder.conv(`${name}.expand`, value, { outChannels: channels, bias: true });
	return builder.scale(`${name}.scale`, input, builder.activation(gate, `${name}.gate`, value));
}
