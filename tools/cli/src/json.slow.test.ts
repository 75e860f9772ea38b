import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { type Network, networkToJson, randomCell } from "@archgen/search-space";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { run } from "../test/run-cli.js";

const network: Network = {
	input: { size: 16, channels: 3 },
	classes: 4,
	stem: { channels: 8, stride: 1 },
	stages: [{ cell: randomCell(createRandom(5)), channels: 8, stride: 2, repeats: 1 }],
	finalChannels: 16,
};

// The training steps, `validate` and `models` print theirs in training/pipeline.test.ts.
let models: Awaited<ReturnType<typeof writeSampleStore>>;
let file = "";
beforeAll(async () => {
	models = await writeSampleStore();
	file = join(models.folder, "network.json");
	writeFileSync(file, JSON.stringify(networkToJson(network)));
});
afterAll(() => models.remove());

const small = ["--input", "16", "--classes", "4", "--workers", "1"];

test.each([
	["count", () => ["--network", file], "flopCount"],
	["score", () => ["--network", file, "--batch", "4", "--record", join(models.folder, "record")], "tcet"],
	["export", () => ["--network", file, "--out", models.folder], "files"],
	[
		"evolve",
		() => [...small, "--random-cells", "--evaluations", "1", "--out", join(models.folder, "h.jsonl")],
		"best",
	],
	["label", () => ["--count", "1", "--batch", "2", "--out", join(models.folder, "labels.jsonl")], "measured"],
	["generate", () => [...small, "--models", models.folder, "--candidates", "1"], "networks"],
	["models list", () => ["--models", models.folder], "0"],
] as const)("%s --json prints exactly one document", async (name, options, key) => {
	const { exitCode, stdout, stderr } = await run([...name.split(" "), ...options(), "--json"]);
	expect(exitCode, stderr).toBe(0);
	expect(Object.keys(JSON.parse(stdout) as object)).toContain(key);
	expect(stdout.endsWith("\n")).toBe(true);
});

test("a recorded score comes with all that it was computed from", () => {
	for (const name of ["network.onnx", "network.json", "images.npy", "labels.npy", "score.json"])
		expect(existsSync(join(models.folder, "record", name)), name).toBe(true);
});
