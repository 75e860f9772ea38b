import { fileURLToPath } from "node:url";
import { FolderModelStore } from "@archgen/models";
import { alphaNetwork, countNetwork } from "@archgen/search-space";
import { expect, test } from "vitest";
import { readText } from "../files/packed-text.js";
import { readLabelledCells } from "../training/labelled-cells.js";
import { KEPT_LABELS } from "./kept-labels.js";
import { isMeasured, readLabels } from "./label-file.js";

test("the kept labels are whole, their counts exact", async () => {
	const { header, labels } = await readLabels(KEPT_LABELS);
	expect(header).toMatchObject({ seed: 0, batch: 64 });
	expect(header.images).toMatch(/^sha256:[0-9a-f]{64}$/);
	expect(labels.length).toBeGreaterThanOrEqual(6000);
	for (const { cell, z } of labels.filter(isMeasured).filter((_, i) => i % 20 === 0)) {
		const { parameterCount, flopCount } = countNetwork(alphaNetwork(cell));
		expect(z).toMatchObject({ parameterCount, flopCount });
	}
});

test("they are kept in the order of their draws, each cell once", async () => {
	// As they stand in the file: the reader would sort them and leave repetitions out.
	const [, ...lines] = (await readText(KEPT_LABELS)).trimEnd().split("\n");
	const rows = lines.map((line) => JSON.parse(line) as { index: number; hash: string });
	rows.slice(1).forEach(({ index }, i) => {
		expect(index).toBeGreaterThan(rows[i]!.index);
	});
	expect(new Set(rows.map(({ hash }) => hash)).size).toBe(rows.length);
});

test("the shipped bundle was trained on all of them", async () => {
	const models = fileURLToPath(new URL("../../../../models", import.meta.url));
	const { manifest } = await new FolderModelStore(models).open("default", { label: "default" });
	const { labels } = manifest.trainedOn as { labels: { cells: number; digest: string } };
	const { cells, digest } = await readLabelledCells(KEPT_LABELS);
	expect({ cells: cells.length, digest }).toEqual({ cells: labels.cells, digest: labels.digest });
});
