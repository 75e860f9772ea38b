import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRandom } from "@archgen/random";
import {
	alphaNetwork,
	cellFromNasBench201,
	cellToJson,
	countMemory,
	countNetwork,
	networkToJson,
	randomCell,
} from "@archgen/search-space";
import { describe, expect, test } from "vitest";
import { run, runJson, temporaryFolder } from "../../test/run-cli.js";

const REFERENCE =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

test("the best NATS-Bench cell", async () => {
	const counts = await runJson(["count", "--nasbench201", REFERENCE]);
	expect(counts).toEqual({
		parameterCount: 1_148_474,
		flopCount: 326_665_492,
		macCount: 160_875_136,
		layerCount: 89,
		...countMemory(alphaNetwork(cellFromNasBench201(REFERENCE))),
	});
});

test("a cell and the network that scores it count the same from their JSON forms", async () => {
	const folder = temporaryFolder();
	const cell = randomCell(createRandom(1));
	writeFileSync(join(folder, "cell.json"), JSON.stringify(cellToJson(cell)));
	writeFileSync(join(folder, "network.json"), JSON.stringify(networkToJson(alphaNetwork(cell))));
	const fromCell = await runJson(["count", "--cell", join(folder, "cell.json")]);
	expect(fromCell).toEqual(await runJson(["count", "--network", join(folder, "network.json")]));
	expect(fromCell).toEqual({ ...countNetwork(alphaNetwork(cell)), ...countMemory(alphaNetwork(cell)) });
});

const data =
	process.env.ARCHGEN_DATA ?? fileURLToPath(new URL("../../../../../shared/data", import.meta.url));
const file = join(data, "graphnet", "released-architectures.json");

describe.runIf(existsSync(file))("published architectures", () => {
	test("are listed with set and index", async () => {
		const rows = await runJson<Record<string, unknown>[]>(["count", "--graphnet", file]);
		expect(rows).toHaveLength(15);
		expect(Object.keys(rows[0]!)).toEqual([
			"set",
			"index",
			"parameterCount",
			"flopCount",
			"macCount",
			"layerCount",
		]);
	});

	test("agree with what was published", async () => {
		const rows = await runJson<{ agrees: boolean }[]>(["validate", "graphnet", "--file", file]);
		expect(rows.every(({ agrees }) => agrees)).toBe(true);
	});
});

test("remarks on shapes that no proxy minds are for people, not in the document", async () => {
	const path = join(temporaryFolder(), "network.json");
	const network = { ...alphaNetwork(randomCell(createRandom(1))), classes: 1000 };
	writeFileSync(path, JSON.stringify(networkToJson(network)));
	const { stdout } = await run(["count", "--network", path]);
	expect(stdout).toContain("64 features before 1000 classes");
	expect(Object.keys(await runJson(["count", "--network", path]))).toHaveLength(8);
});
