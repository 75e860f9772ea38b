import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RANDOM_CELLS } from "@archgen/design";
import { type EvolutionOptions, runEvolution } from "@archgen/evolution";
import { countNetwork, type Network } from "@archgen/search-space";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.js";
import { packText } from "../files/packed-text.js";
import { HistoryFile, readHistory } from "./history-file.js";

const options: EvolutionOptions = {
	target: { size: 16, classes: 4 },
	constraints: { maxFlopCount: 20e6 },
	clusters: 3,
	evaluations: 15,
	populationSize: 6,
	seed: 5,
};

/** Searches into a file; dies before record `stopAt` is written. */
async function search(path: string, stopAt = Infinity): Promise<void> {
	const file = new HistoryFile(path, "settings");
	const resume = await file.open();
	const objective = {
		evaluate: async (network: Network) =>
			({ ok: true, score: countNetwork(network).parameterCount }) as const,
	};
	await runEvolution(
		options,
		{ cells: RANDOM_CELLS, objective },
		{
			onRecord: (record) => {
				if (record.index >= stopAt) throw new Error("killed");
				return file.append(record);
			},
			checkpoint: (state) => file.checkpoint(state),
		},
		resume,
	);
}

test("a search that dies and goes on gives the history of one run", async () => {
	const folder = temporaryFolder();
	const [whole, broken] = [join(folder, "whole.jsonl"), join(folder, "broken.jsonl")];
	await search(whole);
	await expect(search(broken, 4)).rejects.toThrow("killed");
	appendFileSync(broken, '{"index":4,"prop');
	await expect(search(broken, 9)).rejects.toThrow("killed");
	await search(broken);
	expect(readFileSync(broken, "utf8")).toBe(readFileSync(whole, "utf8"));
});

test("a history that lost its last record behind the checkpoint goes on all the same", async () => {
	const folder = temporaryFolder();
	const [whole, broken] = [join(folder, "whole.jsonl"), join(folder, "broken.jsonl")];
	await search(whole);
	await expect(search(broken, 6)).rejects.toThrow("killed");
	const lines = readFileSync(broken, "utf8").trimEnd().split("\n");
	writeFileSync(broken, `${lines.slice(0, -1).join("\n")}\n`);
	await search(broken);
	expect(readFileSync(broken, "utf8")).toBe(readFileSync(whole, "utf8"));
});

test("other settings are refused", async () => {
	const path = join(temporaryFolder(), "history.jsonl");
	await search(path);
	await expect(new HistoryFile(path, "others").open()).rejects.toMatchObject({ reason: "HISTORY_MISMATCH" });
});

test("a packed history is the same history", async () => {
	const folder = temporaryFolder();
	const path = join(folder, "history.jsonl");
	await search(path);
	await packText(`${path}.gz`, readFileSync(path, "utf8"));
	expect(await readHistory(`${path}.gz`)).toEqual(await readHistory(path));
});
