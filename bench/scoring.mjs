// T-CET of α_x in archgen and in PyTorch, in turns on the same cores:
//   node bench/scoring.mjs --python PYTHON [--batch 64] [--runs 3] [--threads 2]
// PYTHON is an interpreter with bench/reference/requirements.txt installed. Prints medians, ratios and peak memory.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { syntheticBatch } from "@archgen/datasets";
import { ScoringPool } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import {
	alphaNetwork,
	cellFromJson,
	cellFromNasBench201,
	countNetwork,
	lowerNetwork,
	randomCell,
} from "@archgen/search-space";

const { values: options } = parseArgs({
	options: {
		python: { type: "string" },
		batch: { type: "string", default: "64" },
		runs: { type: "string", default: "3" },
		threads: { type: "string", default: "2" },
		"one-run": { type: "string" },
	},
});
const NATS_BEST =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** The first random cell whose α_x has about that many layers. */
function cellOfLayers(target) {
	for (let seed = 0; ; seed++) {
		const cell = randomCell(createRandom(seed));
		if (Math.abs(countNetwork(alphaNetwork(cell)).layerCount - target) <= 6) return cell;
	}
}

/** One operation after the other: random cells as large as this are too rare to wait for. */
function chainOf(length, operation) {
	const edges = Array.from({ length: length + 1 }, (_, i) => [i, i + 1]);
	return cellFromJson({ operations: new Array(length).fill(operation), edges });
}

const CELLS = {
	"best NATS-Bench cell": () => cellFromNasBench201(NATS_BEST),
	"cell of about 200 layers": () => cellOfLayers(200),
	"cell of about 300 layers": () => chainOf(6, { type: "mbconv_2", kernel: 3 }),
};

const batchSize = Number(options.batch);
const threads = Number(options.threads);
if (options["one-run"] === undefined) compare();
else await oneRun(options["one-run"]);

/** In a process of its own, so that the time to the first score includes compiling everything. */
async function oneRun(name) {
	const pool = ScoringPool.create({ workers: threads, threadsPerWorker: 1 });
	const batch = syntheticBatch(createRandom(0), { batch: batchSize, size: 32, classes: 10 });
	const network = alphaNetwork(CELLS[name]());
	const seconds = [];
	for (let i = 0; i < 3; i++) {
		const began = performance.now();
		// every worker scores at once, as under load: seconds per network is the time divided by the workers
		await Promise.all(
			Array.from({ length: threads }, () => pool.score({ network, batch, proxies: ["tcet"], seed: i })),
		);
		seconds.push((performance.now() - began) / 1000 / threads);
	}
	const peakBytes = peakMemoryOfWorkers();
	await pool.close();
	console.log(JSON.stringify({ first: seconds[0], later: Math.min(...seconds.slice(1)), peakBytes }));
}

/** The largest resident set that one of the worker processes has had (Linux). */
function peakMemoryOfWorkers() {
	const workers = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim().split(" ");
	const peaks = workers.map(
		(pid) => /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1],
	);
	return Math.max(...peaks.map(Number)) * 1024;
}

function compare() {
	if (options.python === undefined) throw new Error("--python: name the interpreter that has PyTorch");
	const folder = mkdtempSync(join(tmpdir(), "archgen-bench-"));
	try {
		for (const [name, cell] of Object.entries(CELLS)) compareOne(name, cell(), folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function compareOne(name, cell, folder) {
	const file = join(folder, "layers.json");
	const graph = lowerNetwork(alphaNetwork(cell));
	writeFileSync(file, JSON.stringify(graph));
	const script = fileURLToPath(new URL("reference/bench_scoring.py", import.meta.url));
	const ours = [];
	const theirs = [];
	for (let run = 0; run < Number(options.runs); run++) {
		const self = [
			fileURLToPath(import.meta.url),
			"--one-run",
			name,
			"--batch",
			options.batch,
			"--threads",
			options.threads,
		];
		ours.push(JSON.parse(execFileSync(process.execPath, self)));
		const args = [script, file, "--batch", options.batch, "--threads", options.threads, "--runs", "2"];
		const result = spawnSync(options.python, args, { encoding: "utf8" });
		if (result.status === 0) theirs.push(JSON.parse(result.stdout));
	}
	report(name, countNetwork(alphaNetwork(cell)).layerCount, ours, theirs);
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

function report(name, layers, ours, theirs) {
	const [first, later] = ["first", "later"].map((key) => median(ours.map((run) => run[key])));
	console.log(`${name} (${layers} layers), batch ${batchSize}`);
	const worker = median(ours.map((run) => run.peakBytes)) / 2 ** 30;
	console.log(
		`  archgen  first ${first.toFixed(2)} s a network, later ${later.toFixed(2)} s, peak ${worker.toFixed(1)} GiB a worker`,
	);
	if (theirs.length === 0) return console.log("  PyTorch  did not finish (out of memory?)");
	const seconds = median(theirs.map((run) => run.seconds));
	const memory = median(theirs.map((run) => run.peakRssBytes)) / 2 ** 30;
	console.log(
		`  PyTorch ${theirs[0].torch}  ${seconds.toFixed(2)} s a network, peak ${memory.toFixed(1)} GiB`,
	);
	console.log(
		`  PyTorch / archgen  first ${(seconds / first).toFixed(2)}, later ${(seconds / later).toFixed(2)}`,
	);
}
