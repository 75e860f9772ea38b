import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EXPORTERS, type ExportFormat, type NetworkFacts, networkToProject } from "@archgen/exporters";
import { writeWhole } from "@archgen/files";
import type { Network } from "@archgen/search-space";

/** What to write, and where. */
export interface ExportTask {
	readonly formats: readonly ExportFormat[];
	/** Folder; created when missing. */
	readonly out: string;
	/** File name without extension. */
	readonly name: string;
	/** Seed of the weights in files that carry them. */
	readonly seed: number;
	/** Where the network comes from; every file keeps it. */
	readonly provenance?: Readonly<Record<string, string>>;
}

/** Writes a network in the given formats; returns the paths. */
export async function exportNetwork(
	network: Network,
	{ formats, out, name, seed, provenance }: ExportTask,
): Promise<string[]> {
	await mkdir(out, { recursive: true });
	const paths: string[] = [];
	for (const format of formats) {
		const { extension, write } = EXPORTERS[format];
		const path = join(out, `${name}.${extension}`);
		await writeWhole(path, write(network, { seed, ...(provenance && { provenance }) }));
		paths.push(path);
	}
	return paths;
}

/** Writes a folder that trains a network; returns the paths. */
export async function exportProject(
	network: Network,
	facts: NetworkFacts | undefined,
	out: string,
): Promise<string[]> {
	await mkdir(out, { recursive: true });
	const files = [...networkToProject(network, facts)].map(([name, text]) => ({
		path: join(out, name),
		text,
	}));
	for (const { path, text } of files) await writeWhole(path, text);
	return files.map(({ path }) => path);
}
