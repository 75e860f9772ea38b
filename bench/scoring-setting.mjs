// Do cheap settings of scoring order networks like the full one?
//   node bench/scoring-setting.mjs [--networks 24] [--input 224] [--classes 1000] [--max-flop-count 450M] [--max-parameter-count 1M]
//     [--full 224x64] [--cheap 64x16,…]
// A setting is side of the images x images. Generates networks under the bounds, scores T-CET in every setting and prints rank correlations: of
// each cheap setting with the full one, of the full setting with itself under other weights (what can be hoped for at most), and of the counts
// alone (what has to be beaten). Unless given, the cheap setting is what the orchestrator asks for by default (`scoring.maxInputSize`, `scoring.pixels`).
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { syntheticBatch } from "@archgen/datasets";
import { ScoringPool } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { countNetwork, networkFromJson } from "@archgen/search-space";
import { spearman } from "@archgen/statistics";

const { values: options } = parseArgs({
	options: {
		networks: { type: "string", default: "24" },
		input: { type: "string", default: "224" },
		classes: { type: "string", default: "1000" },
		"max-flop-count": { type: "string" },
		"max-parameter-count": { type: "string" },
		full: { type: "string" },
		cheap: { type: "string", default: "64x16" },
	},
});
const settingOf = (text) => {
	const [size, batch] = text.split("x").map(Number);
	return { size, batch };
};
const full = settingOf(options.full ?? `${options.input}x64`);
const cheap = options.cheap.split(",").map(settingOf);

const archgen = fileURLToPath(new URL("../tools/cli/bin/archgen.js", import.meta.url));
const bounds = ["max-flop-count", "max-parameter-count"].filter((name) => options[name] !== undefined);
const request = [
	...(bounds.length === 0
		? ["--max-flop-count", "450M"]
		: bounds.flatMap((name) => [`--${name}`, options[name]])),
	"--input",
	options.input,
	"--classes",
	options.classes,
	"--json",
];
const amount = ["--candidates", options.networks, "--top", options.networks];
const answer = execFileSync(process.execPath, [archgen, "generate", ...request, ...amount], {
	stdio: ["ignore", "pipe", "ignore"],
	maxBuffer: 2 ** 28,
});
const networks = JSON.parse(answer).networks.map(({ network }) => networkFromJson(network));

const pool = ScoringPool.create();
const reference = await scoresOf(full, 0);
const again = await scoresOf(full, 1);
const line = (title, scores) =>
	console.log(`  ${title.padEnd(40)} ${spearman(scores, reference).toFixed(2)}`);
const results = [];
for (const setting of cheap) results.push([setting, await scoresOf(setting, 0)]);
await pool.close();
console.log(`Spearman with ${full.size} pixels × ${full.batch} images over ${networks.length} networks:`);
for (const [{ size, batch }, scores] of results) line(`${size} pixels × ${batch} images`, scores);
line("the same with other weights", again);
for (const count of ["flopCount", "parameterCount"]) {
	line(
		count,
		networks.map((network) => countNetwork(network)[count]),
	);
}

async function scoresOf({ size, batch: count }, seed) {
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
	console.log(`${size} pixels × ${count} images: ${seconds.toFixed(2)} s a network`);
	return scores;
}
