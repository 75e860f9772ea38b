import { alphaNetwork, countNetwork } from "@archgen/search-space";
import { expect, test } from "vitest";
import { KEPT_LABELS } from "./kept-labels.js";
import { isMeasured, readLabels } from "./label-file.js";

test("the kept labels are whole, in order, each cell once, their counts exact", async () => {
	const { header, labels } = await readLabels(KEPT_LABELS);
	expect(header).toMatchObject({ seed: 0, batch: 64 });
	expect(header.images).toMatch(/^sha256:[0-9a-f]{64}$/);
	expect(labels.length).toBeGreaterThanOrEqual(1000);
	expect(labels.map(({ index }) => index)).toEqual(labels.map(({ index }) => index).sort((a, b) => a - b));
	expect(new Set(labels.map(({ cell }) => cell.hash)).size).toBe(labels.length);
	for (const label of labels.filter(isMeasured)) expect(label.z.snipSsnr).toBeGreaterThanOrEqual(0);
	for (const { cell, z } of labels.filter(isMeasured).filter((_, i) => i % 20 === 0)) {
		const { parameterCount, flopCount } = countNetwork(alphaNetwork(cell));
		expect(z).toMatchObject({ parameterCount, flopCount });
	}
});
