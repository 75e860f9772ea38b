// 512 architectures of NAS-Bench-201 by discrete diffusion: archgen with onnxruntime against PyTorch, in turns on the same cores, with the
// same weights, steps and guidance:
//   node bench/denoising.mjs --python PYTHON --denoiser DIR [--runs 5] [--threads 2] [--steps 20] [--guidance 2]
// DIR is written by archgen train discrete. Ours runs in as many workers of one thread. PYTHON is an interpreter with
// bench/reference/requirements.txt installed. Prints medians, their ratio, and the shares of valid and distinct samples of both.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { architecturesOf, DiscreteSampler } from "@archgen/discrete-diffusion";
import { readDenoiser } from "@archgen/pipeline";
import { createRandom } from "@archgen/random";
import { architectureKey, architectureSpace, sampleMeasures } from "@archgen/search-space";
import { SessionPool } from "@archgen/tensor-graph";

const text = (value) => ({ type: "string", ...(value && { default: value }) });
const { values: options } = parseArgs({
	options: {
		...{ python: text(), denoiser: text(), runs: text("5"), threads: text("2") },
		...{ steps: text("20"), guidance: text("2") },
	},
});
if (options.python === undefined) throw new Error("--python: name the interpreter that has PyTorch");
if (options.denoiser === undefined)
	throw new Error("--denoiser: name a folder that archgen train discrete wrote");
const COUNT = 512;
const { denoiser, origin } = await readDenoiser(options.denoiser);
const space = architectureSpace(origin.space);
const pool = SessionPool.create({ workers: Number(options.threads), threadsPerWorker: 1 });
try {
	const sampler = await DiscreteSampler.create(pool, denoiser);
	await ours(sampler); // compiles
	const runs = { ours: [], theirs: [] };
	for (let run = 0; run < Number(options.runs); run++) {
		runs.ours.push(await ours(sampler));
		runs.theirs.push(theirs());
	}
	report(runs);
} finally {
	await pool.close();
}

async function ours(sampler) {
	const classes = denoiser.description.metrics.map((_, i) => (i === 0 ? 1 : undefined));
	const method = { steps: Number(options.steps), guidance: Number(options.guidance) };
	const began = performance.now();
	const graphs = await sampler.sample({ ...method, classes, count: COUNT, random: createRandom(0) });
	return { seconds: [(performance.now() - began) / 1000], graphs };
}

function theirs() {
	const script = fileURLToPath(new URL("reference/bench_denoising.py", import.meta.url));
	const { steps, guidance, threads } = options;
	const args = ["--steps", steps, "--guidance", guidance, "--threads", threads, "--runs", "1"];
	const output = execFileSync(options.python, [script, options.denoiser, "--count", `${COUNT}`, ...args], {
		encoding: "utf8",
		maxBuffer: 2 ** 26,
	});
	const { peer, seconds, nodes, pairs } = JSON.parse(output);
	const graphs = { count: COUNT, nodes: Uint8Array.from(nodes), edges: Uint8Array.from(pairs) };
	return { peer, seconds, graphs };
}

function report(runs) {
	const milliseconds = (side) => (1000 * median(runs[side].flatMap(({ seconds }) => seconds))) / COUNT;
	const line = (name, side) => {
		const drawn = architecturesOf(space, runs[side][0].graphs);
		const { validity, uniqueness } = sampleMeasures(
			drawn.map((each) => each && architectureKey(space, each)),
		);
		const shares = `${(100 * validity).toFixed(1)} % valid, ${(100 * uniqueness).toFixed(1)} % of them distinct`;
		console.log(`  ${name}  ${milliseconds(side).toFixed(2)} ms a sample, ${shares}`);
	};
	console.log(`${COUNT} samples in ${options.steps} steps with guidance ${options.guidance}`);
	line("archgen", "ours");
	line(runs.theirs[0].peer, "theirs");
	console.log(`  PyTorch / archgen  ${(milliseconds("theirs") / milliseconds("ours")).toFixed(2)}`);
}

function median(values) {
	const sorted = [...values].sort((a, b) => a - b);
	return sorted[Math.floor(sorted.length / 2)];
}
