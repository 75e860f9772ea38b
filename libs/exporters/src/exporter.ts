import type { Network, NetworkGraph } from "@archgen/search-space";
import { networkToJsonText, spaceNetworkToJsonText } from "./json.js";
import { lowerSpaceNetwork, type SpaceNetwork } from "./network-subject.js";
import { layersToOnnx, networkToOnnx } from "./onnx/onnx.js";
import { networkToPyTorch, spaceNetworkToPyTorch } from "./pytorch/pytorch.js";
import { networkToSvg, spaceNetworkToSvg } from "./svg/svg.js";
import { layersToTflite, networkToTflite } from "./tflite/tflite.js";
import type { ExportOptions } from "./weights.js";

/** The forms in which a network leaves the system. */
export type ExportFormat = "json" | "onnx" | "pytorch" | "svg" | "tflite";

/** One form of a network. */
export interface Exporter {
	/** For people. */
	readonly title: string;
	/** Of file names, without dot. */
	readonly extension: string;
	readonly mediaType: string;
	/** The file. The same network and options give the same bytes. */
	readonly write: (network: Network | SpaceNetwork, options?: ExportOptions) => Uint8Array;
}

const encoder = new TextEncoder();

function isOfSpace(network: Network | SpaceNetwork): network is SpaceNetwork {
	return "space" in network;
}

/** A text form from its two writers. */
function written(
	ofNetwork: (network: Network, provenance?: Readonly<Record<string, string>>) => string,
	ofSpace: (network: SpaceNetwork) => string,
): Exporter["write"] {
	return (network, options) =>
		encoder.encode(isOfSpace(network) ? ofSpace(network) : ofNetwork(network, options?.provenance));
}

/** A form with weights from its two writers. */
function weighted(
	ofNetwork: (network: Network, options?: ExportOptions) => Uint8Array,
	ofLayers: (graph: NetworkGraph, options?: ExportOptions) => Uint8Array,
): Exporter["write"] {
	return (network, options) =>
		isOfSpace(network) ? ofLayers(lowerSpaceNetwork(network), options) : ofNetwork(network, options);
}

/** Every form by name; a new one is one record here and one line in the shared tests. */
export const EXPORTERS: { readonly [F in ExportFormat]: Exporter } = {
	json: {
		title: "archgen's JSON form",
		extension: "json",
		mediaType: "application/json",
		write: written(networkToJsonText, spaceNetworkToJsonText),
	},
	onnx: {
		title: "ONNX graph with weights",
		extension: "onnx",
		mediaType: "application/x-onnx",
		write: weighted(networkToOnnx, layersToOnnx),
	},
	pytorch: {
		title: "standalone PyTorch file",
		extension: "py",
		mediaType: "text/x-python",
		write: written(networkToPyTorch, spaceNetworkToPyTorch),
	},
	svg: {
		title: "picture",
		extension: "svg",
		mediaType: "image/svg+xml",
		write: written(networkToSvg, spaceNetworkToSvg),
	},
	tflite: {
		title: "TensorFlow Lite file with weights",
		extension: "tflite",
		mediaType: "application/vnd.tflite",
		write: weighted(networkToTflite, layersToTflite),
	},
};

/** Names of all forms. */
export const EXPORT_FORMATS = Object.keys(EXPORTERS) as readonly ExportFormat[];
