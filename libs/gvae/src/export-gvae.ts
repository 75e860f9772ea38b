import {
	buildModel,
	input,
	ParameterScope,
	sigmoid,
	type Tensor,
	type TrainerState,
} from "@archgen/tensor-graph";
import { gvaeDecoder, predictor } from "./decoder.js";
import { FEATURES, NODES } from "./dimensions.js";
import { gvaeEncoder } from "./encoder.js";
import type { GvaeSize } from "./gvae-size.js";
import { SCOPES } from "./training-graph.js";

/** Files of a G-VAE in a bundle. */
export const GVAE_FILES = { encoder: "encoder.onnx", decoder: "decoder.onnx", size: "gvae.json" } as const;

type Parameters = TrainerState["parameters"];

/**
 * A trained G-VAE as files, by name:
 * - `encoder.onnx`: adjacency [batch, 9, 9], features [batch, 9, 15] → mean, log_std [batch, latent]
 * - `decoder.onnx`: latent [batch, latent] → edges [batch, 36] (probabilities), types [batch, 6, 9] and kernels
 *   [batch, 6, 3] (logits), zc [batch, 4] (predicted standardised zero-cost vector)
 * - `gvae.json`: the widths of the networks
 */
export function exportGvae(parameters: Parameters, size: GvaeSize): Map<string, Uint8Array> {
	return new Map([
		[GVAE_FILES.encoder, encoderModel(parameters, size)],
		[GVAE_FILES.decoder, decoderModel(parameters, size)],
		[GVAE_FILES.size, new TextEncoder().encode(`${JSON.stringify(size, null, "\t")}\n`)],
	]);
}

function encoderModel(trained: Parameters, size: GvaeSize): Uint8Array {
	const scope = new ParameterScope();
	const adjacency = input("adjacency", ["batch", NODES, NODES]);
	const features = input("features", ["batch", NODES, FEATURES]);
	const { mean, logStd } = gvaeEncoder(scope.scope(SCOPES.encoder), adjacency, features, size);
	return model("encoder", [adjacency, features], { mean, log_std: logStd }, scope, trained);
}

function decoderModel(trained: Parameters, size: GvaeSize): Uint8Array {
	const scope = new ParameterScope();
	const latent = input("latent", ["batch", size.latent]);
	const logits = gvaeDecoder(scope.scope(SCOPES.decoder), latent, size);
	const outputs = {
		edges: sigmoid(logits.edges),
		types: logits.types,
		kernels: logits.kernels,
		zc: predictor(scope.scope(SCOPES.predictor), latent, size),
	};
	return model("decoder", [latent], outputs, scope, trained);
}

function model(
	name: string,
	inputs: Tensor[],
	outputs: Record<string, Tensor>,
	scope: ParameterScope,
	trained: Parameters,
): Uint8Array {
	const constants = new Map(
		scope.specs().map(({ name: key, shape }) => [key, { data: trained.get(key)!, shape }] as const),
	);
	return buildModel({ name, inputs, outputs, constants });
}
