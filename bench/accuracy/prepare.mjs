// Writes networks as Python files for `train_many.py`, with their counts in subjects.jsonl:
//   node bench/accuracy/prepare.mjs --out DIR FILE…
// FILE is a network in JSON, a folder of them, or the history of a search (.jsonl): `--limit N` takes its first N networks, `--best` its best one.
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { designNetwork, parseHistory } from "@archgen/evolution";
import { networkToJsonText, networkToPyTorch } from "@archgen/exporters";
import { countNetwork, networkFromJson, networkHash } from "@archgen/search-space";

const { values, positionals } = parseArgs({
	options: {
		out: { type: "string" },
		limit: { type: "string", default: "1000" },
		best: { type: "boolean", default: false },
	},
	allowPositionals: true,
});
if (values.out === undefined || positionals.length === 0)
	throw new Error("give --out DIR and at least one network, folder or history");
mkdirSync(values.out, { recursive: true });

const subjects = new Map(
	positionals.flatMap(networksOf).map((subject) => [networkHash(subject.network), subject]),
);
const lines = [...subjects].map(([hash, { name, network }]) => {
	writeFileSync(join(values.out, `${name}.py`), networkToPyTorch(network));
	writeFileSync(join(values.out, `${name}.json`), networkToJsonText(network));
	return `${JSON.stringify({ name, hash, ...countNetwork(network), stages: network.stages.length })}\n`;
});
writeFileSync(join(values.out, "subjects.jsonl"), lines.join(""));
console.error(`${lines.length} networks in ${values.out}`);

function networksOf(path) {
	if (statSync(path).isDirectory()) {
		const names = readdirSync(path).filter((name) => name.endsWith(".json"));
		return names.sort(byNumber).flatMap((name) => networksOf(join(path, name)));
	}
	if (path.endsWith(".jsonl")) return historyNetworks(path);
	return [
		{ name: basename(path, ".json"), network: networkFromJson(JSON.parse(readFileSync(path, "utf8"))) },
	];
}

function historyNetworks(path) {
	const feasible = parseHistory(readFileSync(path, "utf8"), path).filter(
		({ excess }) => excess === undefined,
	);
	const chosen = values.best
		? [feasible.reduce((a, b) => (b.score > a.score ? b : a))]
		: feasible.slice(0, Number(values.limit));
	return chosen.map(({ index, design, target }) => ({
		name: `${basename(path, ".jsonl")}-${index}`,
		network: designNetwork(design, target),
	}));
}

function byNumber(a, b) {
	return a.localeCompare(b, "en", { numeric: true });
}
