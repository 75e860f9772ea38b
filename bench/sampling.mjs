// 256 latents of dimension 256 by the flow: our Dormand–Prince with onnxruntime against torchdiffeq with PyTorch, in turns on the
// same cores, with the same weights, noise, conditions and tolerance:
//   node bench/sampling.mjs --python PYTHON [--runs 5] [--threads 2] [--temperature 1]
// Ours runs in as many workers of one thread.
// PYTHON is an interpreter with bench/reference/requirements.txt installed. Prints medians, their ratio and how far the results differ.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CcnfModel, denormalize, normalize } from "@archgen/ccnf";
import { createRandom, fillNormal } from "@archgen/random";
import { SessionPool } from "@archgen/tensor-graph";

const { values: options } = parseArgs({
	options: {
		python: { type: "string" },
		runs: { type: "string", default: "5" },
		threads: { type: "string", default: "2" },
		temperature: { type: "string", default: "1" },
	},
});
if (options.python === undefined) throw new Error("--python: name the interpreter that has PyTorch");
const ROWS = 256;
const TOLERANCE = 1e-5;
const temperature = Number(options.temperature);
const models = fileURLToPath(new URL("../models/default", import.meta.url));
const bundle = join(models, JSON.parse(readFileSync(join(models, "shipped-labels.json"), "utf8")).default);
const random = createRandom(0).fork("sampling");
const conditions = clusterMeans(ROWS);

const folder = mkdtempSync(join(tmpdir(), "archgen-bench-"));
const pool = SessionPool.create({ workers: Number(options.threads), threadsPerWorker: 1 });
try {
	const model = await CcnfModel.load(pool, join(bundle, "ccnf"));
	const start = join(folder, "start.json");
	writeFileSync(start, JSON.stringify(startOf(model.description)));
	await ours(model); // compiles
	const runs = { ours: [], theirs: [] };
	for (let run = 0; run < Number(options.runs); run++) {
		runs.ours.push(await ours(model));
		runs.theirs.push(theirs(start));
	}
	report(model.description, runs);
} finally {
	await pool.close();
	rmSync(folder, { recursive: true });
}

/** Means of all clusters in turn. */
function clusterMeans(count) {
	const { means } = JSON.parse(readFileSync(join(bundle, "mixture.json"), "utf8"));
	return Array.from({ length: count }, (_, i) => means[i % means.length]);
}

/** The state that `sample` starts from: the same stream gives the same noise. */
function startOf({ size, endTime, noiseNorm }) {
	const noise = fillNormal(random.fork("noise"), new Float32Array(ROWS * size.dimension));
	const scaled = noise.map((value) => value * temperature);
	const u = denormalize(noiseNorm, scaled);
	const rows = Array.from({ length: ROWS }, (_, i) => [
		...u.subarray(i * size.dimension, (i + 1) * size.dimension),
	]);
	return { u: rows, z: conditions, endTime, tolerance: TOLERANCE };
}

/** Three samplings after another; the times in seconds. */
async function ours(model) {
	const seconds = [];
	let samples;
	for (let i = 0; i < 3; i++) {
		const began = performance.now();
		samples = await model.sample({
			conditions,
			temperature,
			random: random.fork("noise"),
			tolerance: TOLERANCE,
		});
		seconds.push((performance.now() - began) / 1000);
	}
	const end = normalize(model.description.latentNorm, samples.latents);
	return { seconds, evaluations: samples.evaluations, end };
}

function theirs(start) {
	const script = fileURLToPath(new URL("reference/bench_sampling.py", import.meta.url));
	const args = [script, join(bundle, "ccnf/field.onnx"), start, "--threads", options.threads, "--runs", "3"];
	return JSON.parse(execFileSync(options.python, args, { encoding: "utf8", maxBuffer: 2 ** 26 }));
}

function report({ size }, runs) {
	const seconds = (side) => median(runs[side].flatMap((run) => run.seconds));
	const [mine, peer] = [runs.ours[0], runs.theirs[0]];
	const differences = mine.end.map((value, i) => Math.abs(value - peer.end[i]));
	const rms = Math.sqrt(differences.reduce((sum, d) => sum + d * d, 0) / differences.length);
	console.log(
		`${ROWS} samples of dimension ${size.dimension}, tolerance ${TOLERANCE}, temperature ${temperature}`,
	);
	console.log(`  archgen  ${seconds("ours").toFixed(2)} s, ${mine.evaluations} evaluations`);
	console.log(`  ${peer.peer}  ${seconds("theirs").toFixed(2)} s, ${peer.evaluations} evaluations`);
	console.log(`  torchdiffeq / archgen  ${(seconds("theirs") / seconds("ours")).toFixed(2)}`);
	const largest = differences.reduce((most, d) => Math.max(most, d), 0);
	console.log(
		`  normalised latents differ by ${rms.toExponential(1)} (root mean square), at most ${largest.toExponential(1)}`,
	);
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}
