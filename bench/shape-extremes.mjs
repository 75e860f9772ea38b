// Which proxies prefer a network that nobody would train:
//   node bench/shape-extremes.mjs [--size 64] [--batch 16] [--seeds 3]
// A plain network of six stages for 224 pixels and 1,000 classes against three distortions of it. Each distortion frees or costs
// multiply-accumulates; the widths of the other stages are then set anew, stage after stage in steps of 8, until those of the plain network
// are used up. Scores are means over seeds of the weights, images are normal noise. Peer: the plain network in the same run.
import { parseArgs } from "node:util";
import { seededBatch } from "@archgen/datasets";
import { PROXY_NAMES, SectionCache, scoreNetwork } from "@archgen/proxies";
import { cellFromJson, countNetwork } from "@archgen/search-space";
import { createInlineRuntime } from "@archgen/tensor-graph";

const { values: options } = parseArgs({
	options: {
		size: { type: "string", default: "64" },
		batch: { type: "string", default: "16" },
		seeds: { type: "string", default: "3" },
	},
});

const cell = cellFromJson({
	operations: [
		{ type: "mbconv_3", kernel: 3 },
		{ type: "sep_conv", kernel: 5 },
	],
	edges: [
		[0, 1],
		[0, 3],
		[1, 2],
		[1, 3],
		[2, 3],
	],
});
const STAGES = [
	[16, 1, 1],
	[24, 2, 2],
	[40, 2, 3],
	[80, 2, 3],
	[112, 1, 3],
	[192, 2, 3],
];

/** Stages of other strides, widths that are fixed, another final width. */
function network({ factor = 1, extra = [], fixed = {}, strides = {}, finalChannels = 640 }) {
	const stages = STAGES.map(([channels, stride, repeats], i) => ({
		cell,
		channels: fixed[i] ?? Math.max(8, 8 * Math.round((factor * channels) / 8)) + 8 * (extra[i] ?? 0),
		stride: strides[i] ?? stride,
		repeats,
	}));
	const input = { size: 224, channels: 3 };
	return { input, classes: 1000, stem: { channels: 16, stride: 2 }, stages, finalChannels };
}

/** The distortion with the widths that use up the plain network's multiply-accumulates. */
function refitted(change) {
	const most = countNetwork(network({})).macCount;
	const fits = (candidate) => countNetwork(network({ ...change, ...candidate })).macCount <= most;
	let factor = 4;
	while (!fits({ factor })) factor -= 0.02;
	const extra = STAGES.map(() => 0);
	for (let i = STAGES.length - 1; i >= 0; i--) {
		extra[i]++;
		if (!fits({ factor, extra })) extra[i]--;
	}
	return network({ ...change, factor, extra });
}

const subjects = {
	plain: network({}),
	"24 features": refitted({ finalChannels: 24 }),
	"stage of 8 channels": refitted({ fixed: { 3: 8 } }),
	"last map 28×28": refitted({ strides: { 3: 1, 5: 1 } }),
};

const size = Number(options.size);
const seeds = Number(options.seeds);
const batch = seededBatch(0, { batch: Number(options.batch), size, classes: 1000 });
const cache = new SectionCache(createInlineRuntime({ threads: 1 }), 1000);
const eval_ = ["naswot", "tcet"];
const train = PROXY_NAMES.filter((name) => !eval_.includes(name) && name !== "grasp" && name !== "zico");

/** Sum of every proxy over the seeds; a failure is kept by its reason. */
async function scoresOf(subject) {
	const at = { ...subject, input: { ...subject.input, size } };
	const sums = {};
	for (let seed = 0; seed < seeds; seed++)
		for (const [bnMode, proxies] of [
			["eval", eval_],
			["train", train],
		]) {
			const { values } = await scoreNetwork(cache, { network: at, batch, proxies, seed, bnMode });
			for (const [name, result] of Object.entries(values))
				sums[name] = result.ok ? (sums[name] ?? 0) + result.value / seeds : result.reason;
		}
	return sums;
}

const columns = Object.keys(subjects);
const found = {};
for (const [name, subject] of Object.entries(subjects)) {
	const { parameterCount, macCount } = countNetwork(subject);
	const widths = subject.stages
		.map(({ channels, stride }) => (stride === 2 ? `${channels}/2` : channels))
		.join(" ");
	console.log(
		`${name}: ${widths} → ${subject.finalChannels}; ${(macCount / 1e6).toFixed(0)} M MACs, ${(parameterCount / 1e6).toFixed(2)} M parameters`,
	);
	found[name] = await scoresOf(subject);
}
console.log(`\n| proxy | ${columns.join(" | ")} | prefers |\n|---|${columns.map(() => "---|").join("")}---|`);
for (const name of [...eval_, ...train]) {
	const values = columns.map((column) => found[column][name]);
	const [plain, ...others] = values;
	const preferred = columns.slice(1).filter((_, i) => others[i] > plain);
	const shown = values.map((value) => (typeof value === "number" ? Number(value.toPrecision(4)) : value));
	console.log(`| \`${name}\` | ${shown.join(" | ")} | ${preferred.join(", ") || "none"} |`);
}
