import {
	type Counts,
	cellWiring,
	countLayers,
	countNetwork,
	DEFAULT_TASK,
	imageMap,
	lowerNetwork,
	type Network,
	type NetworkGraph,
	networkHash,
	TASKS,
	taskTitle,
	type Value,
} from "@archgen/search-space";
import { lowerSpaceNetwork, type SpaceNetwork } from "../network-subject.js";
import { cellClass } from "./cell-class.js";
import { graphClasses } from "./graph-class.js";
import { cellNames, networkClass } from "./network-class.js";
import { OPERATION_CLASSES, PROJECTION_CLASS } from "./operation-classes.js";

/**
 * The network as one Python file that needs PyTorch alone. Its state_dict has the parameter names of the layer list and
 * of the ONNX file. Run as a script it counts its parameters, compares with the count stated here and makes one forward pass.
 */
export function networkToPyTorch(network: Network, provenance?: Readonly<Record<string, string>>): string {
	const counts = countNetwork(network);
	const names = cellNames(network);
	const blocks = [
		header({
			title: "A generated network",
			...network,
			input: imageMap(network.input),
			identity: `Network hash ${networkHash(network).slice(0, 16)}`,
			counts,
		}) + provenanceSource(provenance),
		...operationSources(network),
		...cellSources(network, names),
		networkClass(network, names),
		LOADING,
		selfCheck(lowerNetwork(network)),
	];
	return fileOf(blocks);
}

/** {@link networkToPyTorch} of an architecture of any space: a class for each kind of section. */
export function spaceNetworkToPyTorch(subject: SpaceNetwork): string {
	const graph = lowerSpaceNetwork(subject);
	const { space, architecture } = subject;
	const blocks = [
		header({
			title: `A network of the search space ${space.name} (${space.source})`,
			input: graph.values[graph.input]!,
			classes: graph.values[graph.output]!.channels,
			identity: `Architecture ${JSON.stringify(space.toJson(architecture)).replaceAll("\\", "")}`,
			counts: countLayers(graph),
		}),
		...graphClasses(graph),
		LOADING,
		selfCheck(graph),
	];
	return fileOf(blocks);
}

function fileOf(blocks: readonly string[]): string {
	return `${blocks.join("\n\n\n")}\n`;
}

interface Header {
	readonly title: string;
	readonly input: Value;
	readonly classes: number;
	readonly task?: Network["task"];
	/** Sentence without full stop. */
	readonly identity: string;
	readonly counts: Counts;
}

function header({ title, input, classes, task, identity, counts }: Header): string {
	const number = (value: number) => value.toLocaleString("en-US").replaceAll(",", "_");
	const { height, width, channels } = input;
	const ordinary = height === width && channels === 3 && task === undefined;
	const purpose = ordinary
		? `${height} x ${width} images and ${classes} classes`
		: taskTitle({ input: { size: height, width, channels }, classes, ...(task && { task }) }).replaceAll(
				"×",
				" x ",
			);
	return `"""${title} for ${purpose}.

${number(counts.parameterCount)} parameters, ${number(counts.macCount)} multiply-accumulates per image, flopCount ${number(counts.flopCount)}
(2 x convolutions, linear layers, batch norm, ReLU and pooling), ${counts.layerCount} convolutions and linear layers.
${identity}. Run this file to check the count and one forward pass.
"""

import torch
from torch import Tensor, nn

SIZE = ${height}
${ordinary ? "" : `WIDTH = ${width}\nCHANNELS = ${channels}\nTASK = "${task ?? DEFAULT_TASK}"\n`}CLASSES = ${classes}
PARAMETER_COUNT = ${number(counts.parameterCount)}`;
}

/** A dictionary of JSON texts, which are Python literals too. */
function provenanceSource(provenance: Readonly<Record<string, string>> | undefined): string {
	if (provenance === undefined) return "";
	const lines = Object.entries(provenance).map(
		([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)},`,
	);
	return `\nPROVENANCE = {\n${lines.join("\n")}\n}`;
}

/** The classes that the cells use, each once. */
function operationSources({ stages }: Network): string[] {
	const types = stages.flatMap(({ cell }) => cell.operations.map(({ type }) => type));
	const sources = new Set(types.map((type) => OPERATION_CLASSES[type].source));
	if (stages.some(({ cell }) => cellWiring(cell).usesProjection)) sources.add(PROJECTION_CLASS);
	return [...sources].sort();
}

function cellSources({ stages }: Network, names: ReadonlyMap<string, string>): string[] {
	const cells = new Map(stages.map(({ cell }) => [cell.hash, cell]));
	return [...names].map(([hash, name]) => cellClass(cells.get(hash)!, name));
}

const LOADING = `def load_onnx_weights(network: Network, path: str) -> None:
    """Copies the weights of the exported ONNX file of the same network, which have the same names (needs the onnx package)."""
    import onnx
    from onnx import numpy_helper

    initializers = onnx.load(path).graph.initializer
    arrays = {tensor.name: torch.from_numpy(numpy_helper.to_array(tensor).copy()) for tensor in initializers}
    if missing := {name for name, _ in network.named_parameters()} - arrays.keys():
        raise ValueError(f"the ONNX file is not of this network: it lacks {sorted(missing)}")
    network.load_state_dict({name: arrays.get(name, value) for name, value in network.state_dict().items()})`;

function selfCheck({ values, input, output, task }: NetworkGraph): string {
	const { channels, height, width } = values[input]!;
	const images = height === width ? `1, ${channels}, SIZE, SIZE` : `1, ${channels}, SIZE, WIDTH`;
	const { head } = TASKS[task ?? DEFAULT_TASK];
	const result = values[output]!;
	const outputs = head === "none" ? `${result.channels}` : "CLASSES";
	const shape = head === "pooled" ? `(1, ${outputs})` : `(1, ${outputs}, ${result.height}, ${result.width})`;
	return `if __name__ == "__main__":
    network = Network()
    parameter_count = sum(parameter.numel() for parameter in network.parameters())
    assert parameter_count == PARAMETER_COUNT, f"{parameter_count} parameters instead of {PARAMETER_COUNT}"
    with torch.no_grad():
        logits = network.eval()(torch.randn(${images}))
    assert logits.shape == ${shape} and logits.isfinite().all(), logits
    print(f"{parameter_count:,} parameters, output {tuple(logits.shape)}")`;
}
