// Time to generate networks over gRPC through all five services, without and with their scores:
//   node bench/generation.mjs [--candidates 100] [--runs 3]
// Prints one line a run and the medians; the bound for generation alone is 200 ms a network.
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const { values: options } = parseArgs({
	options: { candidates: { type: "string", default: "100" }, runs: { type: "string", default: "3" } },
});
const archgen = fileURLToPath(new URL("../tools/cli/bin/archgen.js", import.meta.url));
const request = ["--max-flop-count", "450M", "--input", "224", "--classes", "1000", "--top", "1", "--json"];

const runs = Array.from({ length: Number(options.runs) }, (_, seed) => {
	const args = [archgen, "generate", ...request, "--candidates", options.candidates, "--seed", String(seed)];
	const answer = JSON.parse(execFileSync(process.execPath, args, { stdio: ["ignore", "pipe", "ignore"] }));
	const { seconds } = answer;
	const generation = seconds.sequences + seconds.cells + seconds.counting;
	const run = { milliseconds: (1000 * generation) / answer.feasible, scoring: seconds.scoring };
	console.log(
		`seed ${seed}: ${answer.feasible} networks, ${run.milliseconds.toFixed(0)} ms each to generate, ${run.scoring.toFixed(1)} s to score`,
	);
	return run;
});
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
console.log(`median: ${median(runs.map((run) => run.milliseconds)).toFixed(0)} ms a network (bound 200 ms)`);
