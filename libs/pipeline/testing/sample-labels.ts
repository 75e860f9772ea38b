import { createRandom } from "@archgen/random";
import { alphaNetwork, countNetwork } from "@archgen/search-space";
import { startJsonLines } from "../src/files/json-lines.js";
import { drawCells } from "../src/labels/draw-cells.js";
import { appendLabel } from "../src/labels/label-file.js";

/** Writes a label file of random cells with exact counts and made-up proxies that follow them. */
export async function writeSampleLabels(path: string, count: number, seed = 0): Promise<void> {
	const random = createRandom(seed);
	await startJsonLines(path, { format: "archgen.labels", version: 1, seed, images: "made up", batch: 64 });
	for (const { index, cell } of drawCells(random.fork("cells"), count)) {
		const { parameterCount, flopCount } = countNetwork(alphaNetwork(cell));
		const z = {
			naswot: 700 + 20 * cell.operations.length + random.normal(),
			snipSsnr: 50 + 5 * cell.edges.length + random.uniform(),
			parameterCount,
			flopCount,
		};
		await appendLabel(path, { index, cell, z });
	}
}
