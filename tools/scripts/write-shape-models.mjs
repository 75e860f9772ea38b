#!/usr/bin/env node
// Fits the models that predict objectives from layer shapes to the kept searches and writes libs/proxies/src/shapes/shape-weights.ts; a test fits
// them again. With `--score N` it first scores N networks of each search by T-CET in train mode, some seconds each, and adds them to
// data/shape-scores.jsonl.gz; interrupted, it goes on from there.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import { seededBatch } from "@archgen/datasets";
import { atScoringSize, fitShapeModels, furtherKey, keptNetworks } from "@archgen/pipeline";
import { ScoringPool } from "@archgen/proxies";

const root = new URL("../../", import.meta.url);
const HISTORIES = new URL("data/histories/", root).pathname;
const SCORES = new URL("data/shape-scores.jsonl.gz", root);
const WEIGHTS = new URL("libs/proxies/src/shapes/shape-weights.ts", root);
const PROXY = "tcet_train";

const { values } = parseArgs({ options: { score: { type: "string", default: "0" } } });
const lines = existsSync(SCORES) ? gunzipSync(readFileSync(SCORES)).toString().trim().split("\n") : [];
const scores = new Map();
for (const line of lines) {
	const { history, index, [PROXY]: score } = JSON.parse(line);
	scores.set(furtherKey(history, index), score);
}
if (Number(values.score) > 0) await scoreMore(Number(values.score));

const models = await fitShapeModels(HISTORIES, scores);
const text = Object.entries(models).map(
	([name, { weights }]) => `\t${JSON.stringify(name)}: [${weights}],\n`,
);
writeFileSync(
	WEIGHTS,
	`/** Weights of \`shapeSums\`, or of \`shapeMeans\` for what counts per layer, by objective, fitted to the kept searches; written by tools/scripts/write-shape-models.mjs. */\nexport const SHAPE_WEIGHTS = {\n${text.join("")}};\n`,
);

/** Every eighth of the best and of all networks of a search in turn, until each has so many. */
async function scoreMore(count) {
	const pool = ScoringPool.create({ workers: 1, threadsPerWorker: 1 });
	const networks = await keptNetworks(HISTORIES);
	const step = Math.floor(80 / count);
	try {
		for (const { history, record } of networks.filter((_, i) => i % step === 0)) {
			const key = furtherKey(history, record.index);
			if (scores.has(key)) continue;
			const network = atScoringSize(record);
			const batch = seededBatch(0, { batch: 16, size: network.input.size, classes: network.classes });
			const report = await pool.score({ network, batch, proxies: [PROXY], seed: 0, bnMode: "train" });
			const { ok, value } = report.values[PROXY];
			if (!ok) continue;
			scores.set(key, value);
			lines.push(JSON.stringify({ history, index: record.index, [PROXY]: value }));
			writeFileSync(SCORES, gzipSync(`${lines.join("\n")}\n`, { level: 9 }));
		}
	} finally {
		await pool.close();
	}
}
