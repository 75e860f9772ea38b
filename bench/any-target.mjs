// Is the best of 100 generated networks as good as a search for that very target, wherever somebody asks?
//   node bench/any-target.mjs [--evaluations 1000] [--seed 0] [--only N,…]
// For 24 targets (32 to 256 pixels, 2 to 1,000 classes, a microcontroller to 1,000 M, one bound or two): the best of 100 candidates by the default objective over
// gRPC, and the best of a cold evolution of cells. The search sees what a network promises (structure as it is, T-CET by the shapes of its layers) instead of scoring
// it, which needs no run; the difference of two promises is that of two objectives but for the error of predicting ln T-CET. Prints for each target the
// objective of the winner, what its structure lacks of the highest value there is, what the search's winner is ahead by, their ratio, and how much of the tightest bound
// the winner uses.
import { execFile } from "node:child_process";
import { parseArgs, promisify } from "node:util";
import { presetConstraints, RANDOM_CELLS } from "@archgen/design";
import { CELL_EVOLUTION, designNetwork, runEvolution } from "@archgen/evolution";
import { expectedLogit, faultsOf, predictionOf, SOUND_LOGIT, withUsualDepth } from "@archgen/proxies";
import { lowerNetwork, networkFromJson, networkStructure } from "@archgen/search-space";
import { archgen, withServices } from "./own-services.mjs";

const { values } = parseArgs({
	options: {
		evaluations: { type: "string", default: "1000" },
		seed: { type: "string", default: "0" },
		only: { type: "string" },
	},
});

const M = 1e6;
/** Pixels, classes, bounds. */
const TARGETS = [
	[32, 2, { preset: "mcu-64k" }],
	[32, 10, { maxMacCount: 2 * M }],
	[32, 10, { maxMacCount: 30 * M, maxParameterCount: 1 * M }],
	[32, 10, { maxParameterCount: 1 * M }],
	[32, 100, { maxFlopCount: 100 * M }],
	[32, 1000, { maxMacCount: 60 * M, maxParameterCount: 2 * M }],
	[48, 4, { preset: "mcu-128k" }],
	[48, 500, { maxMacCount: 10 * M }],
	[48, 20, { maxFlopCount: 400 * M }],
	[64, 200, { maxMacCount: 60 * M }],
	[64, 10, { maxParameterCount: 100e3 }],
	[64, 50, { maxFlopCount: 40 * M, maxParameterCount: 500e3 }],
	[96, 2, { preset: "mcu-256k" }],
	[96, 13, { maxFlopCount: 150 * M, maxParameterCount: 150e3 }],
	[96, 300, { maxMacCount: 120 * M }],
	[128, 20, { maxParameterCount: 250e3 }],
	[128, 100, { maxMacCount: 200 * M }],
	[160, 115, { maxFlopCount: 42 * M }],
	[192, 10, { maxMacCount: 320 * M }],
	[192, 500, { maxFlopCount: 300 * M, maxParameterCount: 3 * M }],
	[224, 1000, { maxFlopCount: 450 * M }],
	[224, 1000, { maxFlopCount: 1000 * M }],
	[224, 34, { maxParameterCount: 2.4 * M }],
	[256, 330, { maxFlopCount: 90 * M }],
];
const FLAGS = {
	preset: "preset",
	maxMacCount: "max-mac-count",
	maxFlopCount: "max-flop-count",
	maxParameterCount: "max-parameter-count",
};
const OBJECTIVE = "tcet_fit";
/** Side at which T-CET is predicted, as requests score it. */
const SCORED = 64;
const promised = (network) => {
	const { input, classes } = network;
	const target = { size: input.size, classes };
	return predictionOf(OBJECTIVE, target, Math.min(input.size, SCORED))(network);
};

const only = values.only?.split(",").map(Number) ?? TARGETS.map((_, i) => i);
console.log(
	"| pixels | classes | at most | best of 100 | lacks in structure | search ahead by | ratio | use of the bound |",
);
console.log("|---|---|---|---|---|---|---|---|");
await withServices(async (address) => {
	const ratios = [];
	for (const i of only) ratios.push(await compare(address, ...TARGETS[i]));
	ratios.sort((a, b) => a - b);
	console.log(
		`Ratios: median ${ratios[Math.floor(ratios.length / 2)].toFixed(3)}, least ${ratios[0].toFixed(3)}.`,
	);
});

async function compare(address, size, classes, bounds) {
	const found = await generated(address, size, classes, bounds);
	const network = networkFromJson(found.network);
	const searched = await search(size, classes, bounds);
	const ahead = promised(searched) - promised(network);
	const ratio = found.objective / (found.objective + ahead);
	const shown = Object.entries(bounds).map(([name, bound]) => `${FLAGS[name]} ${bound}`);
	const { maxDepth: _, ...margins } = found.margins;
	const used = 1 - Math.min(...Object.values(margins).map(({ relative }) => relative));
	const lacks = SOUND_LOGIT - expectedLogit(faultsOf(networkStructure(lowerNetwork(network))));
	console.log(
		`| ${[size, classes, shown.join(", "), found.objective.toFixed(3), lacks.toFixed(3), ahead.toFixed(3), ratio.toFixed(3), used.toFixed(3)].join(" | ")} |`,
	);
	return ratio;
}

/** The winner of a request as users make it. */
async function generated(address, size, classes, bounds) {
	const flags = Object.entries(bounds).flatMap(([name, bound]) => [`--${FLAGS[name]}`, String(bound)]);
	const request = [
		"--input",
		String(size),
		"--classes",
		String(classes),
		...flags,
		"--seed",
		values.seed,
		"--top",
		"1",
	];
	const options = { maxBuffer: 2 ** 28 };
	const { stdout } = await promisify(execFile)(
		process.execPath,
		[archgen, "generate", "--address", address, ...request, "--json"],
		options,
	);
	return JSON.parse(stdout).networks[0];
}

/** The most promising network of an evolution of cells. */
async function search(size, classes, { preset, ...bounds }) {
	const target = { size, classes };
	const given = { ...bounds, ...(preset && presetConstraints(preset)) };
	const { best } = await runEvolution(
		{
			target,
			constraints: withUsualDepth(given, [OBJECTIVE], target),
			clusters: 1,
			evaluations: Number(values.evaluations),
			seed: Number(values.seed),
			strategy: CELL_EVOLUTION,
		},
		{
			cells: RANDOM_CELLS,
			scorer: { score: async (network) => ({ ok: true, parts: [Math.exp(promised(network))] }) },
		},
	);
	return designNetwork(best.design, target);
}
