import { EXPORTERS, type ExportFormat } from "@archgen/exporters";
import type { Network } from "@archgen/search-space";

/** A network in one file format. */
export interface ExportedFile {
	readonly format: ExportFormat;
	readonly fileName: string;
	readonly mediaType: string;
	readonly content: Uint8Array;
}

/** Writes a network in each of the formats. */
export function exportFiles(
	network: Network,
	formats: readonly ExportFormat[],
	seed: number,
): ExportedFile[] {
	return formats.map((format) => {
		const { extension, mediaType, write } = EXPORTERS[format];
		return { format, fileName: `network.${extension}`, mediaType, content: write(network, { seed }) };
	});
}
