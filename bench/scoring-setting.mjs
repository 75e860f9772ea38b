// Does the cheap setting that requests are scored at order networks like the full one?
//   node bench/scoring-setting.mjs [--networks 24] [--full-batch 64] [--max-flop-count 450M]
// Generates 224-pixel networks, scores T-CET in both settings and prints rank correlations: of the two settings, of the full setting with
// itself under other weights (what can be hoped for at most), and of flopCount alone (what has to be beaten).
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { syntheticBatch } from "@archgen/datasets";
import { spearman } from "@archgen/gvae";
import { ScoringPool } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { countNetwork, networkFromJson } from "@archgen/search-space";

const { values: options } = parseArgs({
	options: {
		networks: { type: "string", default: "24" },
		"full-batch": { type: "string", default: "64" },
		"max-flop-count": { type: "string", default: "450M" },
	},
});
const FULL = { size: 224, batch: Number(options["full-batch"]) };
/** What the orchestrator asks for by default (`scoring.maxInputSize`, `scoring.pixels`). */
const CHEAP = { size: 64, batch: 16 };

const archgen = fileURLToPath(new URL("../tools/cli/bin/archgen.js", import.meta.url));
const request = [
	"--max-flop-count",
	options["max-flop-count"],
	"--input",
	"224",
	"--classes",
	"1000",
	"--json",
];
const amount = ["--candidates", options.networks, "--top", options.networks];
const answer = execFileSync(process.execPath, [archgen, "generate", ...request, ...amount], {
	stdio: ["ignore", "pipe", "ignore"],
	maxBuffer: 2 ** 28,
});
const networks = JSON.parse(answer).networks.map(({ network }) => networkFromJson(network));

const pool = ScoringPool.create();
const cheap = await scoresOf("cheap", CHEAP, 0);
const full = await scoresOf("full", FULL, 0);
const again = await scoresOf("full, other weights", FULL, 1);
await pool.close();
const flopCounts = networks.map((network) => countNetwork(network).flopCount);
const line = (title, a, b) => console.log(`${title.padEnd(44)} ${spearman(a, b).toFixed(2)}`);
console.log(`Spearman over ${networks.length} networks:`);
line("cheap and full", cheap, full);
line("full and full with other weights", again, full);
line("flopCount and full", flopCounts, full);

async function scoresOf(title, { size, batch: count }, seed) {
	const began = performance.now();
	const scores = await Promise.all(
		networks.map(async (network) => {
			const batch = syntheticBatch(createRandom(seed), { batch: count, size, classes: network.classes });
			const scored = { ...network, input: { ...network.input, size } };
			const { values } = await pool.score({ network: scored, batch, proxies: ["tcet"], seed });
			return values.tcet.value;
		}),
	);
	const seconds = (performance.now() - began) / 1000 / networks.length;
	console.log(`${title}: ${size} pixels, ${count} images, ${seconds.toFixed(2)} s a network`);
	return scores;
}
