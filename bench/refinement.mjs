#!/usr/bin/env node
// Plots the best objective against evaluations: refinement, which goes on from generated candidates, beside a cold search for the same bound.
//   npx archgen generate --max-flop-count 450M --input 224 --classes 1000 --objective tcet --evaluations 500 --json > warm.json
//   node bench/refinement.mjs --warm warm.json --cold data/histories/table2-imagenet-450m-cells-s0.jsonl.gz --released 174225 --out docs/plots/refinement.svg
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readHistory } from "@archgen/pipeline";
import { renderSvg } from "@archgen/plots";

const option = (type) => ({ type });
const { values } = parseArgs({
	options: {
		warm: option("string"),
		cold: option("string"),
		released: option("string"),
		out: option("string"),
	},
});
const { quality } = JSON.parse(readFileSync(values.warm, "utf8"));
const last = quality.at(-1).evaluations;
const cold = [];
let best = 0;
for (const [i, { score }] of (await readHistory(values.cold)).slice(0, last).entries()) {
	if (score > best) cold.push([i + 1, score / 1000]);
	best = Math.max(best, score);
}
cold.push([last, best / 1000]);
const released = Number(values.released) / 1000;
const plot = {
	kind: "lines",
	title: "Best T-CET by number of evaluations: refinement beside a cold search",
	x: { title: "evaluations" },
	y: { title: "T-CET / 1,000" },
	lines: [
		{
			name: "refined",
			points: quality.map((point) => [point.evaluations, point.best / 1000]),
		},
		{ name: "cold search", points: cold },
		{
			name: "released, mean",
			points: [
				[1, released],
				[last, released],
			],
		},
		{
			name: "1.10 × that",
			points: [
				[1, 1.1 * released],
				[last, 1.1 * released],
			],
		},
	],
};
writeFileSync(values.out, await renderSvg(plot));
const marks = [20, 50, 100, 200, 300, 400, 500].filter((mark) => mark <= last);
const at = (points, mark) =>
	points
		.filter(([evaluations]) => evaluations <= mark)
		.at(-1)?.[1]
		.toFixed(1) ?? "-";
for (const mark of marks) console.log(mark, at(plot.lines[0].points, mark), at(cold, mark));
