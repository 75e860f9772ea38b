import { appendFileSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { RANDOM_CELLS } from "@archgen/design";
import { type EvolutionOptions, resolveOptions, runEvolution } from "@archgen/evolution";
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
	const resume = await file.open(resolveOptions(options));
	const scorer = {
		score: async (network: Network) => ({ ok: true, parts: [countNetwork(network).parameterCount] }) as const,
	};
	const run = runEvolution(
		options,
		{ cells: RANDOM_CELLS, scorer },
		{
			onRecord: (record) => {
				if (record.index >= stopAt) throw new Error("killed");
				return file.append(record);
			},
			checkpoint: (state) => file.checkpoint(state),
		},
		resume,
	);
	await run.finally(() => file.close());
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
	await expect(new HistoryFile(path, "others").open(resolveOptions(options))).rejects.toMatchObject({
		reason: "HISTORY_MISMATCH",
	});
});

test("a history of another target or other bounds is refused by its first line that does not fit", async () => {
	const path = join(temporaryFolder(), "history.jsonl");
	await search(path, 5).catch(() => {});
	const open = (change: Partial<EvolutionOptions>) =>
		new HistoryFile(path, "settings").open(resolveOptions({ ...options, ...change }));
	const refused = { category: "INVALID_ARGUMENT", reason: "RESUME_MISMATCH" };
	for (const remembered of [true, false]) {
		if (!remembered) rmSync(path.replace(".jsonl", ".state.json"));
		await expect(open({ target: { size: 32, classes: 4 } })).rejects.toMatchObject({
			...refused,
			message: expect.stringMatching(/history\.jsonl, line 1: target is 16 pixels and 4 classes, not 32/),
		});
		await expect(open({ target: { size: 16, classes: 5 } })).rejects.toMatchObject(refused);
		await expect(open({ constraints: { minParameterCount: 1e9 } })).rejects.toMatchObject({
			...refused,
			message: expect.stringMatching(/line 1: counts breaks minParameterCount/),
		});
	}
});

test("a history without its state file is refused by the name of that file", async () => {
	const path = join(temporaryFolder(), "history.jsonl");
	await search(path, 5).catch(() => {});
	rmSync(path.replace(".jsonl", ".state.json"));
	await expect(search(path)).rejects.toMatchObject({
		reason: "HISTORY_STATE_MISSING",
		message: expect.stringContaining("history.state.json is missing"),
	});
});

test("a damaged state file is refused by name", async () => {
	const path = join(temporaryFolder(), "history.jsonl");
	await search(path, 5).catch(() => {});
	writeFileSync(path.replace(".jsonl", ".state.json"), "{");
	await expect(search(path)).rejects.toMatchObject({ reason: "FILE_NOT_JSON" });
});

test("a second writer is refused while the first one writes, and goes on after it", async () => {
	const path = join(temporaryFolder(), "history.jsonl");
	const first = new HistoryFile(path, "settings");
	await first.open(resolveOptions(options));
	await expect(search(path)).rejects.toMatchObject({ reason: "FILE_LOCKED" });
	await first.close();
	await search(path);
	expect(await readHistory(path)).toHaveLength(options.evaluations);
});

test("a history with a byte order mark goes on; one in UTF-16 is read but not added to", async () => {
	const folder = temporaryFolder();
	const [whole, marked] = [join(folder, "whole.jsonl"), join(folder, "marked.jsonl")];
	await search(whole);
	await search(marked, 4).catch(() => {});
	const text = readFileSync(marked, "utf8");
	writeFileSync(marked, `\ufeff${text}`);
	await search(marked);
	expect(readFileSync(marked, "utf8")).toBe(`\ufeff${readFileSync(whole, "utf8")}`);
	writeFileSync(marked, Buffer.from(`\ufeff${text}`, "utf16le"));
	expect(await readHistory(marked)).toHaveLength(4);
	await expect(search(marked)).rejects.toMatchObject({ reason: "FILE_NOT_UTF8" });
});

test("a packed history is the same history", async () => {
	const folder = temporaryFolder();
	const path = join(folder, "history.jsonl");
	await search(path);
	await packText(`${path}.gz`, readFileSync(path, "utf8"));
	expect(await readHistory(`${path}.gz`)).toEqual(await readHistory(path));
});
