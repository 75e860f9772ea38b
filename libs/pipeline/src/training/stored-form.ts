import { withFloat16Constants } from "@archgen/tensor-graph";

/** A file of G-VAE or flow as it stands in a bundle: weights as float16, which costs them no measured quality (docs/measurements.md). */
export function storedForm(name: string, bytes: Uint8Array): Uint8Array {
	return name.endsWith(".onnx") ? withFloat16Constants(bytes) : bytes;
}
