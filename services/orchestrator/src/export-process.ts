import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { errorToMessage } from "@archgen/errors";
import { networkFromJson } from "@archgen/search-space";
import { exportFiles } from "./export-files.js";
import type { ExportedFile, ExportReply, ExportTask } from "./exporter.js";

async function write({ network, formats, seed, folder }: ExportTask): Promise<ExportedFile[]> {
	const files: ExportedFile[] = [];
	for (const format of formats) {
		// One after another, so that only one is in memory.
		for (const { content, fileName, ...file } of exportFiles(networkFromJson(network), [format], seed)) {
			const path = join(folder, fileName);
			await writeFile(path, content);
			files.push({ ...file, fileName, path, bytes: content.length });
		}
	}
	return files;
}

process.once("message", (task: ExportTask) => {
	void write(task)
		.then(
			(files): ExportReply => ({ ok: true, files }),
			(error: unknown): ExportReply => ({ ok: false, error: errorToMessage(error, "EXPORT_FAILED") }),
		)
		.then((reply) => process.send?.(reply, () => process.disconnect()));
});
// The service has gone: nobody reads the files.
process.on("disconnect", () => process.exit());
process.on("SIGINT", () => {});
