import {
	type Counts,
	cellWiring,
	countLayers,
	countNetwork,
	type Network,
	networkHash,
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
			size: network.input.size,
			classes: network.classes,
			identity: `Network hash ${networkHash(network).slice(0, 16)}`,
			counts,
		}) + provenanceSource(provenance),
		...operationSources(network),
		...cellSources(network, names),
		networkClass(network, names),
		LOADING,
		SELF_CHECK,
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
			size: graph.values[graph.input]!.size,
			classes: graph.values[graph.output]!.channels,
			identity: `Architecture ${JSON.stringify(space.toJson(architecture)).replaceAll("\\", "")}`,
			counts: countLayers(graph),
		}),
		...graphClasses(graph),
		LOADING,
		SELF_CHECK,
	];
	return fileOf(blocks);
}

function fileOf(blocks: readonly string[]): string {
	return `${blocks.join("\n\n\n")}\n`;
}

interface Header {
	readonly title: string;
	readonly size: number;
	readonly classes: number;
	/** Sentence without full stop. */
	readonly identity: string;
	readonly counts: Counts;
}

function header({ title, size, classes, identity, counts }: Header): string {
	const number = (value: number) => value.toLocaleString("en-US").replaceAll(",", "_");
	return `"""${title} for ${size} x ${size} images and ${classes} classes.

${number(counts.parameterCount)} parameters, ${number(counts.macCount)} multiply-accumulates per image, flopCount ${number(counts.flopCount)}
(2 x convolutions, linear layers, batch norm, ReLU and pooling), ${counts.layerCount} convolutions and linear layers.
${identity}. Run this file to check the count and one forward pass.
"""

import torch
from torch import Tensor, nn

SIZE = ${size}
CLASSES = ${classes}
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

const SELF_CHECK = `if __name__ == "__main__":
    network = Network()
    parameter_count = sum(parameter.numel() for parameter in network.parameters())
    assert parameter_count == PARAMETER_COUNT, f"{parameter_count} parameters instead of {PARAMETER_COUNT}"
    with torch.no_grad():
        logits = network.eval()(torch.randn(1, 3, SIZE, SIZE))
    assert logits.shape == (1, CLASSES) and logits.isfinite().all(), logits
    print(f"{parameter_count:,} parameters, output {tuple(logits.shape)}")`;
