import {
	afterStage,
	countNetwork,
	DEFAULT_TASK,
	type HeadKind,
	imageMap,
	type Network,
	networkHash,
	squareMap,
	stridedMap,
	TASKS,
	taskTitle,
	type Value,
} from "@archgen/search-space";
import type { NetworkFacts } from "./network-facts.js";

/** README.md of an exported project, as a model card: counts, shape, margins, scores, origin, training, licence. */
export function modelCard(network: Network, facts: NetworkFacts): string {
	const sections = [
		`${headline(network)}\n\n![The network](network.svg)`,
		countsSection(network),
		shapeSection(network),
		marginsSection(facts),
		scoresSection(facts),
		TRAINING,
		provenanceSection(network, facts),
		LICENCE,
	];
	return `${sections.filter((section) => section !== "").join("\n\n")}\n`;
}

function headline(network: Network): string {
	const { input, classes, task } = network;
	const { size, width = size, channels } = input;
	if (task === undefined && channels === 3)
		return `# A generated network for ${size} × ${width} images and ${classes} classes`;
	return `# A generated network: ${taskTitle(network)}`;
}

function countsSection(network: Network): string {
	const counts = countNetwork(network);
	return `## Counts

${table(
	["for one image", "count", "convention"],
	[
		[
			"MACs",
			grouped(counts.macCount),
			"multiply-accumulates of convolutions and linear layers; most papers on mobile networks call them FLOPs",
		],
		[
			"FLOPs",
			grouped(counts.flopCount),
			"archgen's `flopCount`: 2 × (convolutions, linear layers, batch norm, ReLU, pooling)",
		],
		["parameters", grouped(counts.parameterCount), "trainable"],
		["layers", grouped(counts.layerCount), "convolutions and linear layers"],
	],
)}`;
}

function shapeSection({ input, stem, stages, finalChannels, classes, task }: Network): string {
	let state = stridedMap(imageMap(input), stem.channels, stem.stride);
	const shown = ({ channels, height, width }: Value) => `${channels} × ${height} × ${width}`;
	const rows = [["stem", "3 × 3 convolution", "1", shown(state)]];
	for (const [i, stage] of stages.entries()) {
		state = afterStage(stage, state);
		const { cell, repeats } = stage;
		const operations = cell.operations.map(({ type, kernel }) => `${type} ${kernel}×${kernel}`).join(", ");
		rows.push([`stages.${i}`, operations, `${repeats}`, shown(state)]);
	}
	const { end, output } = HEADS[TASKS[task ?? DEFAULT_TASK].head];
	const middle = finalChannels === null ? [] : [`1 × 1 convolution to ${finalChannels}`];
	const features = { ...state, channels: finalChannels ?? state.channels };
	rows.push([
		"head",
		[...middle, ...end].join(", "),
		"1",
		task === undefined ? `${classes}` : shown(output(features, classes)),
	]);
	return `## Shape\n\n${table(["part", "operations of a cell", "repeats", "output"], rows)}`;
}

/** Ends of heads in words, and the map that comes out. */
const HEADS: {
	readonly [K in HeadKind]: {
		readonly end: readonly string[];
		readonly output: (features: Value, outputs: number) => Value;
	};
} = {
	pooled: { end: ["pooling", "linear"], output: (_, outputs) => squareMap(outputs, 1) },
	dense: { end: ["1 × 1 convolution"], output: (features, outputs) => ({ ...features, channels: outputs }) },
	none: { end: [], output: (features) => features },
};

function marginsSection({ margins = {} }: NetworkFacts): string {
	const rows = Object.entries(margins).map(([name, { limit, value, relative }]) => [
		`\`${name}\``,
		grouped(limit),
		grouped(value),
		`${(100 * relative).toFixed(1)} %`,
	]);
	return rows.length === 0
		? ""
		: `## Bounds\n\n${table(["bound", "limit", "network", "left of the limit"], rows)}`;
}

function scoresSection({ scores = {}, scoring = {} }: NetworkFacts): string {
	const rows = Object.entries(scores).map(([name, value]) => [
		`\`${name}\``,
		value?.toPrecision(6) ?? "none",
	]);
	if (rows.length === 0)
		return `## Scores\n\nNot scored here. \`archgen score --network network.json\` computes zero-cost proxies of the untrained network.`;
	const settings = listed(scoring);
	return `## Scores\n\nZero-cost proxies of the untrained network${settings === "" ? "" : `: ${settings}`}. They are no accuracies.\n\n${table(["proxy", "value"], rows)}`;
}

const TRAINING = `## Training

\`\`\`sh
pip install -r requirements.txt
python model.py                              # counts, one forward pass
python train.py --smoke                      # two short epochs on synthetic data
python train.py --data FOLDER --epochs 100   # pictures in FOLDER/train/CLASS and FOLDER/val/CLASS, CIFAR binaries or .npz
python train.py --help                       # optimiser, mixup, moving average, distillation, --resume, …
\`\`\`

The weights are untrained: this card states no accuracy because none was measured. \`train.py\` prints one JSON line an epoch and writes
\`run/log.jsonl\`, \`run/last.pt\` and \`run/weights.pt\`.`;

function provenanceSection(network: Network, { provenance = {}, command }: NetworkFacts): string {
	const origin = listed(provenance);
	const again = "archgen export --network network.json --format project --out FOLDER";
	return `## Origin

Generated by archgen${origin === "" ? "" : `: ${origin}`}. Network hash \`${networkHash(network)}\`; \`network.json\` holds the network in full.

\`\`\`sh
${command === undefined ? "" : `${command}   # the search for it\n`}${again}   # these files
\`\`\``;
}

const LICENCE = `## Licence

\`model.py\`, the network and this card were generated for you, and \`train.py\` is given along with them: all of it is yours, to use, change,
publish and license as you like, without conditions or warranty. PyTorch and torchvision come under their own licences.`;

function listed(values: Readonly<Record<string, string | number>>): string {
	return Object.entries(values)
		.map(([name, value]) => `${name} ${value}`)
		.join(", ");
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
	return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

function grouped(value: number): string {
	return value.toLocaleString("en-US");
}
