import type { Network } from "@archgen/search-space";
import { networkToJsonText } from "./json.js";
import { networkToOnnx, type OnnxOptions } from "./onnx/onnx.js";
import { networkToPyTorch } from "./pytorch/pytorch.js";
import { networkToSvg } from "./svg/svg.js";

/** The forms in which a network leaves the system. */
export type ExportFormat = "json" | "onnx" | "pytorch" | "svg";

/** What an exporter may use beyond the network; forms without weights ignore it. */
export type ExportOptions = OnnxOptions;

/** One form of a network. */
export interface Exporter {
	/** For people. */
	readonly title: string;
	/** Of file names, without dot. */
	readonly extension: string;
	readonly mediaType: string;
	/** The file. The same network and options give the same bytes. */
	readonly write: (network: Network, options?: ExportOptions) => Uint8Array;
}

const encoder = new TextEncoder();

/** Every form by name; a new one is one record here and one line in the shared tests. */
export const EXPORTERS: { readonly [F in ExportFormat]: Exporter } = {
	json: {
		title: "archgen's JSON form",
		extension: "json",
		mediaType: "application/json",
		write: (network) => encoder.encode(networkToJsonText(network)),
	},
	onnx: {
		title: "ONNX graph with weights",
		extension: "onnx",
		mediaType: "application/x-onnx",
		write: networkToOnnx,
	},
	pytorch: {
		title: "standalone PyTorch file",
		extension: "py",
		mediaType: "text/x-python",
		write: (network) => encoder.encode(networkToPyTorch(network)),
	},
	svg: {
		title: "picture",
		extension: "svg",
		mediaType: "image/svg+xml",
		write: (network) => encoder.encode(networkToSvg(network)),
	},
};

/** Names of all forms. */
export const EXPORT_FORMATS = Object.keys(EXPORTERS) as readonly ExportFormat[];
