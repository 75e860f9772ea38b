import { EXPORTERS, type ExportFormat, type NetworkFacts, networkToProjectArchive } from "@archgen/exporters";
import type { Network } from "@archgen/search-space";

/** Formats of files that the service writes: those of one network, and a folder that trains it as an archive. */
export type FileFormat = ExportFormat | "project";

/** A network in one file format. */
export interface ExportedFile {
	readonly format: FileFormat;
	readonly fileName: string;
	readonly mediaType: string;
	readonly content: Uint8Array;
}

/** Writes a network in each of the formats. @param facts for the model card of a project */
export function exportFiles(
	network: Network,
	formats: readonly FileFormat[],
	seed: number,
	facts: NetworkFacts = {},
): ExportedFile[] {
	return formats.map((format) => {
		if (format === "project") {
			const content = networkToProjectArchive(network, facts);
			return { format, fileName: "network.zip", mediaType: "application/zip", content };
		}
		const { extension, mediaType, write } = EXPORTERS[format];
		return { format, fileName: `network.${extension}`, mediaType, content: write(network, { seed }) };
	});
}
