import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { serveCalls } from "@archgen/concurrency";
import { networkFromJson } from "@archgen/search-space";
import { exportFiles } from "./export-files.js";
import type { ExportedFile, ExportTask } from "./exporter.js";

async function write({ network, formats, seed, facts, folder }: ExportTask): Promise<ExportedFile[]> {
	const files: ExportedFile[] = [];
	for (const format of formats) {
		// One after another, so that only one is in memory.
		const written = exportFiles(networkFromJson(network), [format], seed, facts);
		for (const { content, fileName, ...file } of written) {
			const path = join(folder, fileName);
			await writeFile(path, content);
			files.push({ ...file, fileName, path, bytes: content.length });
		}
	}
	return files;
}

serveCalls(write, { failureReason: "EXPORT_FAILED" });
