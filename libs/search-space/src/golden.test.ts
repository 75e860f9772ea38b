import { createRandom } from "@archgen/random";
import { expect, test } from "vitest";
import { alphaNetwork, countNetwork } from "./index.js";
import { macroNetwork } from "./macro-network.js";
import { mutateCell } from "./mutate-cell.js";
import { networkHash } from "./network-hash.js";
import { randomCell } from "./random-cell.js";

// Labels, histories and caches name cells and networks by these hashes: they never change.
test("random cells, their mutants and their hashes are those of every release", () => {
	const random = createRandom(0).fork("cells");
	const cells = [0, 1, 2].map((i) => randomCell(random.fork(i)));
	expect(cells.map(({ hash }) => hash)).toMatchInlineSnapshot(`
		[
		  "901d0330708",
		  "081981004105c913a",
		  "b8198307",
		]
	`);
	expect(cells.map((cell, i) => mutateCell(cell, createRandom(i)).hash)).toMatchInlineSnapshot(`
		[
		  "90130304",
		  "081981004105c953a",
		  "b0198307",
		]
	`);
	const network = macroNetwork(
		cells.map((cell, i) => ({ cell, channels: 16 * (i + 1), stride: i === 0 ? 1 : 2, repeats: i + 1 })),
		256,
		{ size: 32, classes: 10 },
	);
	expect({ hash: networkHash(network), ...countNetwork(network) }).toMatchInlineSnapshot(`
		{
		  "flopCount": 40901652,
		  "hash": "e8daf0448d944b0fee3e29826595d807ad44bdb91de54451d4939e111406407d",
		  "layerCount": 44,
		  "macCount": 18199040,
		  "parameterCount": 147534,
		}
	`);
	expect(countNetwork(alphaNetwork(cells[0]!))).toMatchInlineSnapshot(`
		{
		  "flopCount": 137557268,
		  "layerCount": 140,
		  "macCount": 61319808,
		  "parameterCount": 425182,
		}
	`);
});
