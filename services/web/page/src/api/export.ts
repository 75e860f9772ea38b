import { stream } from "./client.js";
import type { Network } from "./types.js";

/** File formats of networks. */
export const FORMATS = [
	["EXPORT_FORMAT_PYTORCH", "PyTorch"],
	["EXPORT_FORMAT_ONNX", "ONNX"],
	["EXPORT_FORMAT_JSON", "JSON"],
	["EXPORT_FORMAT_SVG", "SVG"],
] as const;
export type Format = (typeof FORMATS)[number][0];

interface Piece {
	readonly fileName: string;
	readonly mediaType: string;
	readonly content: string;
}

/** A file of a network, made by the orchestrator. @param seed of the weights that ONNX carries */
export async function exportFile(
	network: Network,
	format: Format,
	seed: string,
): Promise<{ name: string; blob: Blob }> {
	const pieces: Piece[] = [];
	for await (const piece of stream<Piece>("orchestrator", "ExportNetwork", {
		network,
		formats: [format],
		seed,
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
