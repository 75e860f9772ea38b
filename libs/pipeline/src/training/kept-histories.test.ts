import { fileURLToPath } from "node:url";
import { FolderModelStore } from "@archgen/models";
import { expect, test } from "vitest";
import { PROFILES } from "../profiles.js";
import { readHistory } from "../search/history-file.js";
import { examplesOf } from "./train-seqgen.js";
import { fingerprint } from "./workspace.js";

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));

test("the sequence generator of the shipped bundle was trained on the kept histories", async () => {
	const { manifest } = await new FolderModelStore(root("models")).open("default", { label: "default" });
	const { seqgen } = (manifest.trainedOn as { stages: { seqgen: { inputs: { histories: string } } } }).stages;
	const examples = await examplesOf(PROFILES.default!, async ({ name, evaluations, constraints, target }) => {
		const records = await readHistory(root(`data/histories/${name}.jsonl.gz`));
		expect(records).toHaveLength(evaluations);
		for (const { counts } of records) {
			expect(counts.parameterCount).toBeLessThanOrEqual(constraints.maxParameterCount ?? Infinity);
			expect(counts.flopCount).toBeLessThanOrEqual(constraints.maxFlopCount ?? Infinity);
		}
		expect(new Set(records.map(({ hash }) => hash)).size).toBe(records.length);
		expect(records[0]!.target).toEqual(target);
		return records;
	});
	expect(fingerprint(examples)).toBe(seqgen.inputs.histories);
});
