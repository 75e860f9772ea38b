// A training step of the G-VAE in archgen and in PyTorch, in turns on the same cores:
//   node bench/gvae-step.mjs --python PYTHON [--runs 5] [--steps 30] [--threads 2]
// PYTHON is an interpreter with bench/reference/requirements.txt installed. Published dimensions, 64 + 64 cells; both start from the same
// parameters and take the same steps on one batch, which is made beforehand. PyTorch takes them with its default AdamW and with the fused
// one; the faster of the two is the peer. Prints medians over all steps but the first five of each run, their ratio, processor time (with one
// thread the fairer figure on a busy machine), and the losses of the first step and the sixth, which must agree.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { GVAE_CONFIG, gvaeLoss, gvaeTrainingPool, trainingBatch } from "@archgen/gvae";
import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import { createTrainer, initialize, loadTensors, saveTensors } from "@archgen/tensor-graph";

const WARM_UP = 5;
// The published loss, which the peer computes.
const config = { ...GVAE_CONFIG, steps: 1000, weights: { ...GVAE_CONFIG.weights, counts: 0 } };

const { values: options } = parseArgs({
	options: {
		python: { type: "string" },
		runs: { type: "string", default: "5" },
		steps: { type: "string", default: "30" },
		threads: { type: "string", default: "2" },
		"one-run": { type: "string" },
	},
});

if (options["one-run"] === undefined) await compare();
else await oneRun(options["one-run"]);

/** In a process of its own, like the peer. */
async function oneRun(folder) {
	const { tensors } = await loadTensors(join(folder, "start.safetensors"));
	const initial = new Map([...tensors].map(([name, { data }]) => [name, data]));
	const pool = gvaeTrainingPool(Number(options.threads));
	const { learningRate, weightDecay, clipNorm, steps: totalSteps } = config;
	const trainer = await createTrainer(pool, {
		...gvaeLoss(config.size, config.batch, config.weights),
		optimizer: { learningRate, weightDecay, clipNorm, schedule: { kind: "cosine", totalSteps } },
		start: { initial },
	});
	const batch = batchOfStep();
	const milliseconds = [];
	const losses = [];
	let processor = process.cpuUsage();
	for (let step = 0; step < Number(options.steps); step++) {
		if (step === WARM_UP) processor = process.cpuUsage();
		const began = performance.now();
		losses.push((await trainer.step(batch)).loss);
		milliseconds.push(performance.now() - began);
	}
	const { user, system } = process.cpuUsage(processor);
	await trainer.release();
	await pool.close();
	const cpuMilliseconds = (user + system) / 1000 / (milliseconds.length - WARM_UP);
	console.log(JSON.stringify({ milliseconds, cpuMilliseconds, losses }));
}

/** Random cells, half of them with a made-up zero-cost vector. */
function batchOfStep() {
	const random = createRandom(0);
	const labelled = Array.from({ length: 300 }, () => ({
		cell: randomCell(random),
		zc: Array.from({ length: 4 }, () => random.normal()),
	}));
	return trainingBatch({ labelled, unlabelled: "generated" }, config.batch, config.size.latent, random);
}

async function compare() {
	if (options.python === undefined) throw new Error("--python: name the interpreter that has PyTorch");
	const folder = mkdtempSync(join(tmpdir(), "archgen-bench-"));
	try {
		await writeTask(folder);
		const self = [fileURLToPath(import.meta.url), "--one-run", folder];
		const peer = [fileURLToPath(new URL("reference/bench_gvae.py", import.meta.url)), folder];
		const common = ["--steps", options.steps, "--threads", options.threads];
		const runs = { archgen: [], "PyTorch, default AdamW": [], "PyTorch, fused AdamW": [] };
		const run = (program, args) => JSON.parse(execFileSync(program, [...args, ...common]));
		for (let i = 0; i < Number(options.runs); i++) {
			runs.archgen.push(run(process.execPath, self));
			runs["PyTorch, default AdamW"].push(run(options.python, peer));
			runs["PyTorch, fused AdamW"].push(run(options.python, [...peer, "--fused"]));
		}
		report(runs);
	} finally {
		rmSync(folder, { recursive: true });
	}
}

async function writeTask(folder) {
	const specs = gvaeLoss(config.size, config.batch, config.weights).parameters.specs();
	const initial = initialize(specs, createRandom(0));
	const parameters = specs.map(({ name, shape }) => [name, { data: initial.get(name), shape }]);
	const batch = Object.entries(batchOfStep()).map(([name, { data, shape }]) => [
		name,
		{ data: Float32Array.from(data, Number), shape },
	]);
	await saveTensors(join(folder, "start.safetensors"), new Map(parameters));
	await saveTensors(join(folder, "batch.safetensors"), new Map(batch));
	writeFileSync(join(folder, "config.json"), JSON.stringify(config));
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}

function report(runs) {
	const typical = (list) => median(list.flatMap(({ milliseconds }) => milliseconds.slice(WARM_UP)));
	const { hidden, latent } = config.size;
	const cells = config.batch.labelled + config.batch.unlabelled;
	console.log(`Hidden ${hidden}, latent ${latent}, ${cells} cells a step, ${options.threads} threads:`);
	for (const [name, list] of Object.entries(runs)) {
		const { losses } = list[0];
		const cpu = median(list.map(({ cpuMilliseconds }) => cpuMilliseconds));
		console.log(
			`  ${name.padEnd(24)} ${typical(list).toFixed(1)} ms a step, ${cpu.toFixed(0)} ms of processor time, loss ${losses[0].toFixed(4)} → ${losses[WARM_UP].toFixed(4)}`,
		);
	}
	const [ours, ...peers] = Object.values(runs).map(typical);
	console.log(`  PyTorch / archgen  ${(Math.min(...peers) / ours).toFixed(2)}`);
}
