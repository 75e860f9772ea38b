import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import {
	alphaNetwork,
	countNetwork,
	networkFromJson,
	networkToJson,
	randomCell,
} from "@archgen/search-space";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../../pipeline/testing/temporary-folder.js";
import type { Answer } from "./answer.js";
import { keepLastAnswer, writeAnswer } from "./keep-answer.js";

function files(count: number) {
	const networks = Array.from({ length: count }, (_, i) => alphaNetwork(randomCell(createRandom(i))));
	const answer: Answer = {
		networks: networks.map((network, i) => ({
			rank: i + 1,
			network: networkToJson(network),
			hash: `hash-${i}`,
			counts: countNetwork(network),
			margins: {},
			scores: { tcet: 10 - i },
			parts: [],
		})),
		generated: count,
		feasible: count,
		screened: 0,
		dropped: {},
		quality: [],
		seconds: {},
		provenance: {
			seed: 7,
			objective: "tcet",
			modelVersions: { gvae: "default 3" },
			images: "normal:x",
			batch: 16,
			scoringSize: 64,
			cellGenerator: "flow",
		},
	};
	return { answer, networks, asked: { maxFlopCount: 450e6, seed: 7 }, seed: 7 };
}

test("every file says where it comes from, and results.json holds the answer", async () => {
	const folder = temporaryFolder();
	const [written] = await writeAnswer(folder, files(1));
	expect(written).toHaveLength(5);
	for (const path of written!) {
		const text = readFileSync(path, "utf8");
		for (const part of ["archgen.seed", "default 3", "450000000"]) expect(text, path).toContain(part);
	}
	const network = JSON.parse(readFileSync(join(folder, "network-1.json"), "utf8"));
	expect(networkToJson(networkFromJson(network))).toEqual(files(1).answer.networks[0]!.network);
	const results = JSON.parse(readFileSync(join(folder, "results.json"), "utf8"));
	expect(results).toMatchObject({ asked: { seed: 7 }, provenance: { seed: 7 }, generated: 1 });
	expect(results.networks[0].files).toContain("network-1.onnx");
});

test("files of a longer answer go, files of others stay", async () => {
	const folder = temporaryFolder();
	await writeAnswer(folder, files(3));
	writeFileSync(join(folder, "network-9.json"), "mine");
	writeFileSync(join(folder, "notes.txt"), "mine");
	await writeAnswer(folder, files(1));
	expect(readdirSync(folder).sort()).toEqual([
		...["json", "onnx", "py", "svg", "tflite"].map((extension) => `network-1.${extension}`),
		"network-9.json",
		"notes.txt",
		"results.json",
	]);
});

test("the last answer is kept below the state folder, or nowhere without an error", async () => {
	const home = temporaryFolder();
	const folder = await keepLastAnswer({ XDG_STATE_HOME: home }, files(2));
	expect(folder).toBe(join(home, "archgen", "last-answer"));
	expect(existsSync(join(folder!, "network-2.json"))).toBe(true);
	const blocked = join(home, "file");
	writeFileSync(blocked, "");
	mkdirSync(join(home, "other"));
	expect(await keepLastAnswer({ XDG_STATE_HOME: blocked }, files(1))).toBeUndefined();
});
