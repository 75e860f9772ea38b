import { stream } from "./client.js";
import type { Margin, Network } from "./types.js";

/** File formats of networks. */
export const FORMATS = [
	["EXPORT_FORMAT_PROJECT", "Project"],
	["EXPORT_FORMAT_PYTORCH", "PyTorch"],
	["EXPORT_FORMAT_ONNX", "ONNX"],
	["EXPORT_FORMAT_TFLITE", "TFLite"],
	["EXPORT_FORMAT_JSON", "JSON"],
	["EXPORT_FORMAT_SVG", "SVG"],
] as const;
export type Format = (typeof FORMATS)[number][0];

interface Piece {
	readonly fileName: string;
	readonly mediaType: string;
	readonly content: string;
}

/** A network and what the model card of its project says of it. */
export interface Exported {
	readonly network: Network;
	/** Of the weights that ONNX and TensorFlow Lite files carry. */
	readonly seed: string;
	readonly scores?: Readonly<Record<string, number>>;
	readonly margins?: readonly Margin[];
	/** Version of the model that it came from. */
	readonly origin?: string;
}

/** A file of a network, made by the orchestrator. */
export async function exportFile(
	{ network, seed, scores = {}, margins = [], origin }: Exported,
	format: Format,
): Promise<{ name: string; blob: Blob }> {
	const pieces: Piece[] = [];
	for await (const piece of stream<Piece>("orchestrator", "ExportNetwork", {
		network,
		formats: [format],
		seed,
		scores,
		margins,
		provenance: { seed, ...(origin === undefined ? {} : { model: origin }) },
	})) {
		pieces.push(piece);
	}
	const parts = pieces.map(({ content }) => Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0)));
	const { fileName, mediaType } = pieces[0]!;
	return { name: fileName, blob: new Blob(parts, { type: mediaType }) };
}

/** Hands a file to the reader. */
export function save(name: string, blob: Blob): void {
	const link = document.createElement("a");
	link.href = URL.createObjectURL(blob);
	link.download = name;
	link.click();
	setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
