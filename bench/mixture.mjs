// EM of a full-covariance mixture in archgen and in scikit-learn, in turns on the same cores:
//   node bench/mixture.mjs --python PYTHON [--samples 50000] [--components 32] [--iterations 20] [--runs 5]
// PYTHON is an interpreter with bench/reference/requirements.txt installed. Both fit the same samples (four dimensions) from the same
// start for the same number of iterations, each time in a process of its own; only the fit is timed. scikit-learn runs with as many threads as
// it likes and with one, which is faster on a busy machine; the faster of the two is the peer. Prints medians, their ratio and by how much the
// log-likelihoods per sample differ.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fitMixture } from "@archgen/mixture";
import { createRandom } from "@archgen/random";

const DIMENSION = 4;

const { values: options } = parseArgs({
	options: {
		python: { type: "string" },
		samples: { type: "string", default: "50000" },
		components: { type: "string", default: "32" },
		iterations: { type: "string", default: "20" },
		runs: { type: "string", default: "5" },
		"one-run": { type: "string" },
	},
});
const iterations = Number(options.iterations);

if (options["one-run"] === undefined) compare();
else await oneRun(options["one-run"]);

async function oneRun(folder) {
	const bytes = readFileSync(join(folder, "samples.f64"));
	const samples = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
	const start = JSON.parse(readFileSync(join(folder, "start.json"), "utf8"));
	const began = performance.now();
	const fit = await fitMixture(samples, {
		components: start.weights.length,
		random: createRandom(0),
		start,
		maxIterations: iterations,
		tolerance: 0,
	});
	const seconds = (performance.now() - began) / 1000;
	console.log(JSON.stringify({ seconds, iterations: fit.iterations, logLikelihood: fit.logLikelihood }));
}

function compare() {
	if (options.python === undefined) throw new Error("--python: name the interpreter that has scikit-learn");
	const folder = mkdtempSync(join(tmpdir(), "archgen-bench-"));
	try {
		writeTask(folder);
		const self = [fileURLToPath(import.meta.url), "--one-run", folder, "--iterations", options.iterations];
		const peer = [
			fileURLToPath(new URL("reference/bench_mixture.py", import.meta.url)),
			folder,
			options.iterations,
		];
		const ours = [];
		const theirs = { "default threads": [], "one thread": [] };
		const one = { ...process.env, OMP_NUM_THREADS: "1", OPENBLAS_NUM_THREADS: "1" };
		for (let run = 0; run < Number(options.runs); run++) {
			ours.push(JSON.parse(execFileSync(process.execPath, self)));
			theirs["default threads"].push(JSON.parse(execFileSync(options.python, peer)));
			theirs["one thread"].push(JSON.parse(execFileSync(options.python, peer, { env: one })));
		}
		report(ours, theirs);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

/** Samples of as many overlapping clouds as there are components, and a start of samples as means. */
function writeTask(folder) {
	const random = createRandom(0);
	const components = Number(options.components);
	const row = (scale) => Array.from({ length: DIMENSION }, () => scale * random.normal());
	const clouds = Array.from({ length: components }, () => ({
		centre: row(2),
		shape: Array.from({ length: DIMENSION }, () => row(0.4)),
	}));
	const samples = new Float64Array(Number(options.samples) * DIMENSION);
	for (let n = 0; n < samples.length; n += DIMENSION) {
		const { centre, shape } = random.pick(clouds);
		const noise = row(1);
		for (let i = 0; i < DIMENSION; i++)
			samples[n + i] = centre[i] + shape[i].reduce((sum, factor, j) => sum + factor * noise[j], 0);
	}
	const means = Array.from({ length: components }, (_, k) => {
		const n = Math.floor((k * samples.length) / DIMENSION / components) * DIMENSION;
		return [...samples.subarray(n, n + DIMENSION)];
	});
	const identity = Array.from({ length: DIMENSION }, (_, i) => means[0].map((_, j) => (i === j ? 1 : 0)));
	const start = {
		dimension: DIMENSION,
		weights: means.map(() => 1 / components),
		means,
		covariances: means.map(() => identity),
	};
	writeFileSync(join(folder, "samples.f64"), new Uint8Array(samples.buffer));
	writeFileSync(join(folder, "start.json"), JSON.stringify(start));
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

function report(ours, theirs) {
	const seconds = (runs) => median(runs.map((run) => run.seconds));
	const line = (name, runs) => {
		const { iterations: done, logLikelihood } = runs[0];
		const fit = `${done} iterations, log-likelihood per sample ${logLikelihood.toFixed(6)}`;
		console.log(`  ${name.padEnd(36)} ${seconds(runs).toFixed(2)} s, ${fit}`);
	};
	const setting = `${options.samples} samples × ${DIMENSION}, ${options.components} components`;
	console.log(`${setting}, ${availableParallelism()} cores, medians of ${ours.length} runs`);
	line("archgen", ours);
	for (const [name, runs] of Object.entries(theirs)) line(`scikit-learn ${runs[0].version}, ${name}`, runs);
	const peers = Object.values(theirs);
	const ratio = Math.min(...peers.map(seconds)) / seconds(ours);
	const difference = Math.abs(ours[0].logLikelihood - peers[0][0].logLikelihood);
	console.log(
		`  scikit-learn / archgen  ${ratio.toFixed(2)}, log-likelihoods differ by ${difference.toExponential(1)}`,
	);
}
