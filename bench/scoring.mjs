// Zero-cost scores in archgen and in PyTorch, in turns on the same cores:
//   node bench/scoring.mjs --python PYTHON [--runs 3] [--threads 2] [--only TEXT]
// PYTHON is an interpreter with bench/reference/requirements.txt installed. Prints medians, ratios, peak memory and the share of the
// roof: the time that the multiply-accumulates would take at the speed of PyTorch's matrix product in the same run. Three times of ours:
// of the first score in a process, of the first score of a new cell in a process that has scored another one, and of later scores.
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
		runs: { type: "string", default: "3" },
		threads: { type: "string", default: "2" },
		only: { type: "string", default: "" },
		"one-run": { type: "string" },
		warm: { type: "boolean", default: false },
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

/** Four stages of one cell, stride 2 before each but the first, as HL-Evo starts from. */
function macroNetwork(size, classes, channels, repeats) {
	const cell = chainOf(3, { type: "mbconv_3", kernel: 3 });
	const stages = channels.map((width, i) => ({ cell, channels: width, stride: i === 0 ? 1 : 2, repeats }));
	const stem = { channels: channels[0], stride: size > 64 ? 2 : 1 };
	return { input: { size, channels: 3 }, classes, stem, stages, finalChannels: 4 * channels.at(-1) };
}

const cells = {
	"best NATS-Bench cell": () => cellFromNasBench201(NATS_BEST),
	"cell of about 200 layers": () => cellOfLayers(200),
	"cell of about 300 layers": () => chainOf(6, { type: "mbconv_2", kernel: 3 }),
};
/** Networks that a process has scored before a cell is new to it. */
const OTHERS = [
	() => alphaNetwork(chainOf(3, { type: "mbconv_2", kernel: 5 })),
	() => macroNetwork(48, 10, [8, 16], 1),
];
/** What is scored: α_x of three cells by both scores, and a network of each input size as requests score it. */
const SUBJECTS = [
	...Object.entries(cells).flatMap(([name, cell]) =>
		["tcet", "z"].map((score) => ({ name, score, batch: 64, network: () => alphaNetwork(cell()) })),
	),
	{
		name: "32-pixel network",
		score: "tcet",
		batch: 64,
		network: () => macroNetwork(32, 100, [32, 64, 128, 256], 2),
	},
	{
		name: "224-pixel network",
		score: "tcet",
		batch: 16,
		network: () => macroNetwork(224, 1000, [16, 32, 64, 128], 2),
	},
].map((subject) => ({
	...subject,
	name: `${subject.score === "z" ? "z vector" : "T-CET"} of ${subject.name}`,
}));
/**
 * T-CET as published in eval mode; the z vector with batch statistics. `passes`: forward passes' worth of multiply-accumulates, a backward
 * pass counting as two; one forward pass in eval mode serves both halves of T-CET, where the z vector needs one in each mode.
 */
const SCORES = {
	tcet: { setting: { proxies: ["tcet"], bnMode: "eval" }, passes: 3 },
	z: { setting: { proxies: ["naswot", "snip_ssnr"], bnMode: "train" }, passes: 4 },
};

const threads = Number(options.threads);
if (options["one-run"] === undefined) compare();
else await oneRun(SUBJECTS.find(({ name }) => name === options["one-run"]));

/** In a process of its own, so that the time to the first score includes compiling everything. */
async function oneRun({ network: create, batch: count, score }) {
	const network = create();
	const imagesOf = ({ input, classes }) =>
		syntheticBatch(createRandom(0), { batch: count, size: input.size, classes });
	const images = imagesOf(network);
	// Every worker scores at once, as under load: seconds per network is the time divided by the workers.
	const round = async (seed, setting, subject = network, batch = images) => {
		const began = performance.now();
		await Promise.all(
			Array.from({ length: threads }, () => pool.score({ network: subject, batch, seed, ...setting })),
		);
		return (performance.now() - began) / 1000 / threads;
	};
	const began = performance.now();
	const pool = ScoringPool.create({ workers: threads, threadsPerWorker: 1 });
	await round(0, { proxies: ["parameters"] });
	const start = (performance.now() - began) / 1000;
	for (const other of (options.warm ? OTHERS : []).map((make) => make()))
		await round(0, SCORES[score].setting, other, imagesOf(other));
	const first = await round(0, SCORES[score].setting);
	const later = Math.min(await round(1, SCORES[score].setting), await round(2, SCORES[score].setting));
	const peakBytes = peakMemoryOfWorkers();
	await pool.close();
	console.log(JSON.stringify({ cold: start + threads * first, first, later, peakBytes }));
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
		for (const subject of SUBJECTS.filter(({ name }) => name.includes(options.only)))
			compareOne(subject, folder);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

function compareOne(subject, folder) {
	const file = join(folder, "layers.json");
	writeFileSync(file, JSON.stringify(lowerNetwork(subject.network())));
	const script = fileURLToPath(new URL("reference/bench_scoring.py", import.meta.url));
	const ours = [];
	const theirs = [];
	for (let run = 0; run < Number(options.runs); run++) {
		const self = [fileURLToPath(import.meta.url), "--one-run", subject.name, "--threads", options.threads];
		const { cold, first } = JSON.parse(execFileSync(process.execPath, self));
		const warm = JSON.parse(execFileSync(process.execPath, [...self, "--warm"]));
		ours.push({ ...warm, cold, firstOfProcess: first });
		const setting = ["--batch", String(subject.batch), "--score", subject.score];
		const args = [script, file, ...setting, "--threads", options.threads, "--runs", "2"];
		const result = spawnSync(options.python, args, { encoding: "utf8" });
		if (result.status === 0) theirs.push(JSON.parse(result.stdout));
	}
	report(subject, ours, theirs);
}

function medianOf(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

function report({ name, batch, network, score }, ours, theirs) {
	const median = (runs, key) => medianOf(runs.map((run) => run[key]));
	const seconds = (value) => `${value.toFixed(2)} s`;
	const memory = (runs) => `peak ${(median(runs, "peakBytes") / 2 ** 30).toFixed(1)} GiB`;
	const [cold, firstOfProcess, first, later] = ["cold", "firstOfProcess", "first", "later"].map((key) =>
		median(ours, key),
	);
	console.log(`${name} (${countNetwork(network()).layerCount} layers), batch ${batch}`);
	console.log(
		`  archgen  new cell ${seconds(first)} a network, later ${seconds(later)}; first of a process ${seconds(firstOfProcess)}, ${seconds(cold)} with its start; ${memory(ours)} a worker`,
	);
	if (theirs.length === 0) return console.log("  PyTorch  did not finish (out of memory?)");
	const [theirCold, theirBest] = ["coldSeconds", "seconds"].map((key) => median(theirs, key));
	console.log(
		`  PyTorch ${theirs[0].torch}  ${seconds(theirBest)} a network; first score of a new process after ${seconds(theirCold)}; ${memory(theirs)}`,
	);
	const ratios = {
		"new cell": theirBest / first,
		later: theirBest / later,
		"first of a process": theirBest / firstOfProcess,
		"start and first": theirCold / cold,
	};
	const shown = Object.entries(ratios).map(([key, ratio]) => `${key} ${ratio.toFixed(2)}`);
	console.log(`  PyTorch / archgen  ${shown.join(", ")}`);
	const roof = Math.max(...theirs.map(({ productRate }) => productRate));
	const atRoof = (2 * countNetwork(network()).macCount * batch * SCORES[score].passes) / roof;
	const share = (time) => `${((100 * atRoof) / time).toFixed(0)} %`;
	console.log(
		`  roof ${(roof / 1e9).toFixed(0)} GFLOP/s, ${seconds(atRoof)} a network: archgen new cell ${share(first)} of it, later ${share(later)}; PyTorch ${share(theirBest)}`,
	);
}
