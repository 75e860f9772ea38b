import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { syntheticBatch } from "@archgen/datasets";
import { ArchgenError } from "@archgen/errors";
import type { ScoreReport, ScoreRequest } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { countLayers, lowerNetwork } from "@archgen/search-space";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.js";
import type { ProxyScorer } from "../scoring/score-twice.js";
import { drawCells } from "./draw-cells.js";
import { labelCells } from "./label-cells.js";
import {
	appendLabel,
	isMeasured,
	type Label,
	type LabelHeader,
	openLabels,
	readLabels,
} from "./label-file.js";

const batch = syntheticBatch(createRandom(0), { batch: 2, size: 32, classes: 10 });
const header: LabelHeader = {
	format: "archgen.labels",
	version: 1,
	seed: 0,
	images: batch.identity,
	batch: 2,
};

/** Scores in no time; the vector follows from the counts. */
const scorer: ProxyScorer = {
	score: async ({ network }: ScoreRequest): Promise<ScoreReport> => {
		const counts = countLayers("layers" in network ? network : lowerNetwork(network));
		const value = (x: number) => ({ ok: true, value: x }) as const;
		return { counts, layers: [], values: { naswot: value(counts.layerCount), snip_ssnr: value(1) } };
	},
};

/** Labels into a file until `count` cells stand there; stops like a killed process when `stopAfter` are new. */
async function label(
	path: string,
	count: number,
	stopAfter = Infinity,
	how: Partial<ProxyScorer> = {},
): Promise<void> {
	const known = new Set((await openLabels(path, header)).map(({ cell }) => cell.hash));
	const cells = [...drawCells(createRandom(0).fork("cells"), count)].filter(
		({ cell }) => !known.has(cell.hash),
	);
	let written = 0;
	await labelCells({
		scorer: { ...scorer, ...how },
		batch,
		seed: 0,
		cells,
		parallelism: 3,
		onLabel: async (found: Label) => {
			if (written++ >= stopAfter) throw new Error("killed");
			await appendLabel(path, found);
		},
	});
}

test("drawn cells are distinct, and a longer list begins with a shorter one", () => {
	const many = [...drawCells(createRandom(3), 200)];
	expect(new Set(many.map(({ cell }) => cell.hash)).size).toBe(200);
	expect(many.slice(0, 50)).toEqual([...drawCells(createRandom(3), 50)]);
});

test("labelling that stops anywhere and goes on gives the labels of one run", async () => {
	const folder = temporaryFolder();
	const [whole, broken] = [join(folder, "whole.jsonl"), join(folder, "broken.jsonl")];
	await label(whole, 12);
	for (const stopAfter of [0, 4, 1]) await expect(label(broken, 12, stopAfter)).rejects.toThrow("killed");
	appendFileSync(broken, '{"index":7,"hash":"ab'); // what kill -9 in the middle of a write leaves
	await label(broken, 12);
	expect(await readLabels(broken)).toEqual(await readLabels(whole));
	expect(readFileSync(broken, "utf8").trimEnd().split("\n")).toHaveLength(13);
});

test("a cell without zero-cost vector is recorded with the reason", async () => {
	const path = join(temporaryFolder(), "labels.jsonl");
	const singular = { ok: false, reason: "SINGULAR_KERNEL", message: "two images look alike" } as const;
	const score = async (request: ScoreRequest): Promise<ScoreReport> => {
		const report = await scorer.score(request, {});
		return { ...report, values: { ...report.values, naswot: singular } };
	};
	await label(path, 1, Infinity, { score });
	const [only] = (await readLabels(path)).labels;
	expect(isMeasured(only!)).toBe(false);
	expect(only).toMatchObject({ failure: { reason: "SINGULAR_KERNEL" } });
});

test("a lost worker costs a second try, not the cell", async () => {
	const path = join(temporaryFolder(), "labels.jsonl");
	let calls = 0;
	const score = (request: ScoreRequest) => {
		if (calls++ === 0) throw new WorkerLost();
		return scorer.score(request, {});
	};
	await label(path, 1, Infinity, { score: async (request) => score(request) });
	expect(calls).toBe(2);
	expect((await readLabels(path)).labels.every(isMeasured)).toBe(true);
});

class WorkerLost extends ArchgenError {
	constructor() {
		super({ category: "UNAVAILABLE", reason: "SCORING_WORKER_LOST", message: "the worker stopped" });
	}
}

test("a file made with other settings is refused by name", async () => {
	const path = join(temporaryFolder(), "labels.jsonl");
	await label(path, 1);
	await expect(openLabels(path, { ...header, seed: 1 })).rejects.toMatchObject({
		reason: "LABELS_MISMATCH",
		message: expect.stringContaining("seed 0, not 1"),
	});
});
