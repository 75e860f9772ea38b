import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { EXPORTERS, type ExportFormat, type NetworkFacts, networkToProject } from "@archgen/exporters";
import { writeWhole } from "@archgen/files";
import type { Network } from "@archgen/search-space";
import { withTensorFile } from "@archgen/tensor-graph";

/** What to write, and where. */
export interface ExportTask {
	readonly formats: readonly ExportFormat[];
	/** Folder; created when missing. */
	readonly out: string;
	/** File name without extension. */
	readonly name: string;
	/** Seed of the weights in files that carry them. */
	readonly seed: number;
	/** Safetensors file of a trained network's state_dict: the weights of files that carry them, instead of those of the seed. */
	readonly weights?: string;
	/** Where the network comes from; every file keeps it. */
	readonly provenance?: Readonly<Record<string, string>>;
}

/**
 * Writes a network in the given formats; returns the paths.
 *
 * @throws ArchgenError INVALID_ARGUMENT for weights of another network, DATA_LOSS for a damaged file of weights
 */
export async function exportNetwork(
	network: Network,
	{ formats, out, name, seed, weights, provenance }: ExportTask,
): Promise<string[]> {
	const parameters = weights === undefined ? undefined : await floatsOf(weights);
	await mkdir(out, { recursive: true });
	const paths: string[] = [];
	for (const format of formats) {
		const { extension, write } = EXPORTERS[format];
		const path = join(out, `${name}.${extension}`);
		const options = { seed, ...(parameters && { parameters }), ...(provenance && { provenance }) };
		await writeWhole(path, write(network, options));
		paths.push(path);
	}
	return paths;
}

/** Every tensor of floating-point numbers; a state_dict also holds integers, which count batches. */
function floatsOf(path: string): Promise<Map<string, Float32Array>> {
	return withTensorFile(path, async ({ entries, isFloat, read }) => {
		const floats = new Map<string, Float32Array>();
		for (const name of entries.keys()) if (isFloat(name)) floats.set(name, await read(name));
		return floats;
	});
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
