// Rank correlation of zero-cost proxies with trained accuracy:
//   node bench/accuracy/correlate.mjs --results FILE.jsonl --scores DIR [--leave-out REGEX] [--fixed depth]
// DIR holds GROUP-NAME.json, the answers of `archgen score --json`. Accuracies of several seeds are averaged; networks whose GROUP/NAME
// matches --leave-out are left out. Printed of every proxy: Spearman's ρ with its 95 % bootstrap interval, Kendall's τ, and ρ with the
// proxy of --fixed held fixed.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createRandom } from "@archgen/random";
import { correlationInterval, kendall, mean, partialSpearman, spearman } from "@archgen/statistics";

const { values: options } = parseArgs({
	options: {
		results: { type: "string" },
		scores: { type: "string" },
		"leave-out": { type: "string" },
		fixed: { type: "string", default: "depth" },
	},
});
if (options.results === undefined || options.scores === undefined)
	throw new Error("give --results FILE and --scores DIR");

const leftOut = options["leave-out"] && new RegExp(options["leave-out"]);
const lines = readFileSync(options.results, "utf8")
	.split("\n")
	.filter(Boolean)
	.map((line) => JSON.parse(line));
const trained = new Map();
for (const { group, name, accuracy } of lines) {
	const file = `${group}-${name}.json`;
	if (accuracy !== undefined && !leftOut?.test(`${group}/${name}`))
		trained.set(file, [...(trained.get(file) ?? []), accuracy]);
}
const rows = readdirSync(options.scores)
	.filter((file) => trained.has(file))
	.map((file) => ({
		accuracy: mean(trained.get(file)),
		scores: JSON.parse(readFileSync(join(options.scores, file), "utf8")),
	}));
const names = Object.keys(rows[0]?.scores ?? {}).filter(
	(name) => !["seconds", "failures", "parameterCount"].includes(name),
);
console.log(
	`${rows.length} networks\n\n| proxy | n | ρ | 95 % | τ | ρ, ${options.fixed} fixed |\n|---|---|---|---|---|---|`,
);
for (const name of names) console.log(describe(name));

function describe(name) {
	const known = rows.filter(({ scores }) => typeof scores[name] === "number");
	if (known.length < 3) return `| \`${name}\` | ${known.length} | | | | |`;
	const [values, accuracies] = [known.map(({ scores }) => scores[name]), known.map((row) => row.accuracy)];
	const resampled = (counts) => spearman(repeated(values, counts), repeated(accuracies, counts));
	const interval = correlationInterval(known.length, resampled, {
		random: createRandom(0),
		resamples: 2000,
	});
	const held = known.map(({ scores }) => scores[options.fixed]);
	const partial = name === options.fixed ? null : partialSpearman(values, accuracies, [held]);
	const [low, high] = interval ?? [null, null];
	return `| \`${name}\` | ${known.length} | ${show(spearman(values, accuracies))} | ${show(low)} … ${show(high)} | ${show(kendall(values, accuracies))} | ${show(partial)} |`;
}

function repeated(values, counts) {
	return values.flatMap((value, i) => Array(counts[i]).fill(value));
}

function show(value) {
	return value === null || Number.isNaN(value) ? "–" : value.toFixed(2).replace("-", "−");
}
