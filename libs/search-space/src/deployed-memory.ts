import { type Layer, type LayerGraph, valueElements } from "./layer.js";
import { lowerNetwork } from "./lower-network.js";
import type { Network } from "./network.js";
import { type WindowLayer, windowAxes, windowPadding } from "./window-padding.js";

/** Memory that a network takes on a device, in bytes, for one image. */
export interface MemoryCounts {
	/** Weights of 8 bits with biases of 32. */
	readonly weightBytesInt8: number;
	readonly weightBytesFloat32: number;
	/** Largest set of feature maps that are alive at once, 8 bits a number. */
	readonly peakActivationBytesInt8: number;
	readonly peakActivationBytesFloat32: number;
}

/** An operation of a deployed network: what it reads and makes, as ids of maps, and the constants that it keeps. */
export interface DeployedOperation {
	/** Name of the layer that it begins with. */
	readonly name: string;
	readonly reads: readonly number[];
	readonly writes: number;
	/** Weights, of the precision of the network. */
	readonly weights: number;
	/** Biases, of 32 bits. */
	readonly biases: number;
}

/** A deployed network: operations in order of execution. */
export interface DeployedGraph {
	readonly operations: readonly DeployedOperation[];
	/** Numbers of each map by id. */
	readonly elements: readonly number[];
	readonly input: number;
	readonly output: number;
}

/**
 * The operations that converters for small devices make of a layer list:
 *
 * - batch normalisation disappears in the convolution before it where nothing else reads that, else it is a product and a sum with constants by channel;
 * - ReLU disappears in the operation before it where nothing else reads that;
 * - a sum of n maps is n − 1 sums of two;
 * - a window whose padding TensorFlow Lite has no scheme for (stride 2 on an even side) passes over a padded copy of the map, and behind an average pool
 *   a product with a factor for each place leaves padding out of the average;
 * - every convolution and linear layer has a bias.
 */
export function deployedGraph({ layers, values, input, output }: LayerGraph): DeployedGraph {
	const readers = new Map<number, number>([[output, 1]]);
	for (const { inputs } of layers)
		for (const id of new Set(inputs)) readers.set(id, (readers.get(id) ?? 0) + 1);
	const elements = values.map(valueElements);
	const operations: DeployedOperation[] = [];
	/** Map that holds a value, and by map the kind of what made it. */
	const mapOf = new Map<number, number>([[input, input]]);
	const makers = new Map<number, Layer["kind"]>();
	const emit = (
		layer: Layer,
		reads: readonly number[],
		writes: number,
		constants = { weights: 0, biases: 0 },
	) => {
		operations.push({ name: layer.name, reads, writes, ...constants });
		makers.set(writes, layer.kind);
	};
	/** Windows whose factors are there, which pools share. */
	const covered = new Set<string>();
	const temporary = (size: number) => elements.push(size) - 1;
	const passWindow = (layer: WindowLayer, source: number) => {
		const { channels, ...map } = values[layer.inputs[0]!]!;
		const axes = windowAxes(layer, map);
		const { scheme, zeros, positions } = windowPadding(axes);
		if (scheme !== "EXPLICIT") return emit(layer, [source], layer.output, constantsOf(layer));
		const [rows, columns] = axes.map(({ size }, i) => size + zeros[i]![0] + zeros[i]![1]);
		const padded = temporary(channels * rows! * columns!);
		emit(layer, [source], padded);
		if (layer.kind === "conv") return emit(layer, [padded], layer.output, constantsOf(layer));
		const pooled = temporary(elements[layer.output]!);
		emit(layer, [padded], pooled);
		const window = JSON.stringify(axes);
		emit(layer, [pooled], layer.output, {
			weights: covered.has(window) ? 0 : positions[0]! * positions[1]!,
			biases: 0,
		});
		covered.add(window);
	};
	for (const layer of layers) {
		const sources = layer.inputs.map((id) => mapOf.get(id)!);
		const first = sources[0]!;
		const isOnlyReader = readers.get(layer.inputs[0]!) === 1;
		const before = makers.get(first);
		mapOf.set(layer.output, layer.output);
		if (layer.kind === "batch_norm") {
			if (isOnlyReader && before === "conv") mapOf.set(layer.output, first);
			else {
				const scaled = temporary(elements[first]!);
				emit(layer, [first], scaled, { weights: layer.channels, biases: 0 });
				emit(layer, [scaled], layer.output, { weights: layer.channels, biases: 0 });
			}
		} else if (layer.kind === "relu" && isOnlyReader && before !== undefined && FUSES.has(before)) {
			mapOf.set(layer.output, first);
			makers.set(first, "relu");
		} else if (layer.kind === "add") {
			sources.slice(1).reduce((sum, source, i) => {
				const made = i === sources.length - 2 ? layer.output : temporary(elements[first]!);
				emit(layer, [sum, source], made);
				return made;
			}, first);
		} else if (layer.kind === "conv" || layer.kind === "average_pool") passWindow(layer, first);
		else emit(layer, sources, layer.output, constantsOf(layer));
	}
	return { operations, elements, input, output: mapOf.get(output)! };
}

/** Operations that apply a ReLU to their own result. */
const FUSES: ReadonlySet<Layer["kind"]> = new Set(["conv", "batch_norm", "add", "linear"]);

function constantsOf(layer: Layer): { weights: number; biases: number } {
	if (layer.kind === "conv") {
		const { inChannels, groups, outChannels, kernel } = layer;
		return { weights: (inChannels / groups) * outChannels * kernel ** 2, biases: outChannels };
	}
	if (layer.kind === "linear")
		return { weights: layer.inFeatures * layer.outFeatures, biases: layer.outFeatures };
	return { weights: 0, biases: 0 };
}

/**
 * Numbers in the largest set of maps that are alive at once: operations run one by one in order, a map lives from the operation that makes it to
 * the last one that reads it, and no operation writes over what it reads.
 */
export function peakElements({ operations, elements, input, output }: DeployedGraph): number {
	const lastReader = new Map<number, number>([[output, operations.length]]);
	operations.forEach(({ reads }, at) => {
		for (const id of reads) lastReader.set(id, Math.max(at, lastReader.get(id) ?? 0));
	});
	let alive = elements[input]!;
	let peak = alive;
	operations.forEach(({ reads, writes }, at) => {
		alive += elements[writes]!;
		peak = Math.max(peak, alive);
		for (const id of new Set(reads)) if (lastReader.get(id) === at) alive -= elements[id]!;
	});
	return peak;
}

/** Memory of a layer list by {@link deployedGraph} and {@link peakElements}. */
export function countLayerMemory(graph: LayerGraph): MemoryCounts {
	const deployed = deployedGraph(graph);
	const sum = (of: (operation: DeployedOperation) => number) =>
		deployed.operations.reduce((total, operation) => total + of(operation), 0);
	const [weights, biases, peak] = [sum((o) => o.weights), sum((o) => o.biases), peakElements(deployed)];
	return {
		weightBytesInt8: weights + 4 * biases,
		weightBytesFloat32: 4 * (weights + biases),
		peakActivationBytesInt8: peak,
		peakActivationBytesFloat32: 4 * peak,
	};
}

/** {@link countLayerMemory} of a network. */
export function countMemory(network: Network): MemoryCounts {
	return countLayerMemory(lowerNetwork(network));
}
