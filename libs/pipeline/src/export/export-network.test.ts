import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EXPORTERS, livelyParameters } from "@archgen/exporters";
import { createRandom } from "@archgen/random";
import { lowerNetwork, type Network, parameterSpecs, randomCell } from "@archgen/search-space";
import { saveTensors } from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.js";
import { exportNetwork } from "./export-network.js";

const network: Network = {
	input: { size: 16, channels: 3 },
	classes: 5,
	stem: { channels: 8, stride: 2 },
	stages: [{ cell: randomCell(createRandom(1)), channels: 16, stride: 2, repeats: 1 }],
	finalChannels: null,
};
const graph = lowerNetwork(network);
const parameters = livelyParameters(graph, createRandom(1));
const task = { formats: ["onnx", "tflite"], name: "network", seed: 0 } as const;

/** A safetensors file of the parameters, but for those left out. */
async function weightsFile(folder: string, without: readonly string[] = []): Promise<string> {
	const path = join(folder, "weights.safetensors");
	const kept = parameterSpecs(graph).filter(({ name }) => !without.includes(name));
	await saveTensors(
		path,
		new Map(kept.map(({ name, shape }) => [name, { data: parameters.get(name)!, shape }])),
	);
	return path;
}

describe("exportNetwork", () => {
	it("writes the weights of a file, in every format that carries weights", async () => {
		const out = temporaryFolder();
		const weights = await weightsFile(out);
		const paths = await exportNetwork(network, { ...task, out, weights });
		for (const [i, format] of task.formats.entries()) {
			const found = new Uint8Array(await readFile(paths[i]!));
			expect(found).toEqual(EXPORTERS[format].write(network, { parameters }));
			expect(found).not.toEqual(EXPORTERS[format].write(network));
		}
	});

	it("refuses the weights of another network", async () => {
		const out = temporaryFolder();
		const name = parameterSpecs(graph)[0]!.name;
		const weights = await weightsFile(out, [name]);
		await expect(exportNetwork(network, { ...task, out, weights })).rejects.toThrow(`"${name}"`);
	});
});
