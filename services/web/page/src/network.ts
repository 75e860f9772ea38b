import { LatencyModel, type LatencyTable, peakActivationBytes } from "@archgen/latency/model";
import {
	countLayer,
	type Network as DomainNetwork,
	type Layer,
	lowerNetwork,
	type NetworkGraph,
	networkFromJson,
	operationTitle,
	type Value,
} from "@archgen/search-space";
import type { Network } from "./api/types.js";

const PREFIX = "OPERATION_TYPE_";

/** The task of a message; none where it is classification. */
function taskOf({ task = "TASK_UNSPECIFIED" }: Network): { task?: string } {
	const name = task.replace("TASK_", "").toLowerCase();
	return name === "unspecified" ? {} : { task: name };
}

/** The network of a message, as the library that counts it knows it. */
function toDomain(message: Network): DomainNetwork {
	return networkFromJson({
		input: {
			size: message.inputSize,
			channels: message.inputChannels ?? 3,
			...(message.inputWidth === undefined ? {} : { width: message.inputWidth }),
		},
		...taskOf(message),
		classes: message.classCount,
		stem: message.stem,
		stages: message.stages.map(({ cell, channels, stride, repeats }) => ({
			cell: {
				operations: cell.operations.map(({ type, kernel }) => ({
					type: type.replace(PREFIX, "").toLowerCase(),
					kernel,
				})),
				edges: cell.edges.map(({ from, to }) => [from, to]),
			},
			channels,
			stride,
			repeats,
		})),
		finalChannels: message.finalChannels ?? null,
	});
}

/** What a layer, a node or a section costs. */
export interface Costs {
	readonly macCount: number;
	readonly parameterCount: number;
	readonly flopCount: number;
	/** Bytes written: float32, one image. */
	readonly activationBytes: number;
	/** Predicted time for one image; 0 without a latency table. */
	readonly latencyMs: number;
}

/** Titles of costs; latency is shown where a table is known. */
export const METRICS: { readonly [K in keyof Costs]: string } = {
	macCount: "MACs",
	parameterCount: "Parameters",
	flopCount: "flopCount",
	activationBytes: "Activation memory",
	latencyMs: "Latency",
};

const COSTS = Object.keys(METRICS) as (keyof Costs)[];
const NONE = costsOfEach(() => 0);

function costsOfEach(value: (cost: keyof Costs) => number): Costs {
	return Object.fromEntries(COSTS.map((cost) => [cost, value(cost)])) as unknown as Costs;
}

/** Sum of costs, field by field. */
function sum(parts: readonly Costs[]): Costs {
	return parts.reduce((total, part) => costsOfEach((cost) => total[cost] + part[cost]), NONE);
}

/** A network with the costs of its parts. */
export interface Anatomy {
	readonly network: DomainNetwork;
	readonly graph: NetworkGraph;
	readonly total: Costs;
	readonly peakActivationBytes: number;
	/** Predicted latency with its band; undefined without a table, or with one that lacks operations of this network. */
	readonly latency?: { readonly ms: number; readonly errorMs: number } | undefined;
	/** What the table lacks. */
	readonly latencyProblem?: string | undefined;
	/** Stem, every stage with all its repeats, head. */
	readonly sections: readonly SectionCosts[];
	/** By kind of operation. */
	readonly operations: readonly { readonly name: string; readonly costs: Costs }[];
}

export interface SectionCosts {
	readonly name: string;
	readonly stage?: number;
	readonly costs: Costs;
	/** Costs of the nodes 1…n of the stage's cell, over all repeats. */
	readonly nodes: readonly Costs[];
	readonly input: Value;
	readonly output: Value;
}

type Places = (part: "stem" | "head" | number, node?: number) => number;

/** Predicted milliseconds of the parts of a network. */
function latencyOf(network: DomainNetwork, table: LatencyTable | undefined) {
	if (table === undefined) return { at: (() => 0) as Places };
	try {
		const model = modelOf(table);
		const sites = model.predictSites(network);
		const at: Places = (part, node) =>
			sites
				.filter((site) => site.part === part && (node === undefined || site.node === node))
				.reduce((total, { ms }) => total + ms, 0);
		return { at, latency: model.predict(network) };
	} catch (failure) {
		return { at: (() => 0) as Places, latencyProblem: (failure as Error).message };
	}
}

const MODELS = new WeakMap<LatencyTable, LatencyModel>();

function modelOf(table: LatencyTable): LatencyModel {
	const model = MODELS.get(table) ?? new LatencyModel(table);
	MODELS.set(table, model);
	return model;
}

/** Predicted latency of a network; undefined without a table, or with one that lacks operations of it. */
export function predictLatency(message: Network, table: LatencyTable | undefined) {
	if (table === undefined) return undefined;
	const { latency } = latencyOf(toDomain(message), table);
	return latency && { latencyMs: latency.ms, errorMs: latency.errorMs };
}

/** Takes a network apart into exact costs. @param table for predicted latency */
export function anatomyOf(message: Network, table?: LatencyTable): Anatomy {
	const network = toDomain(message);
	const { at, ...latency } = latencyOf(network, table);
	const graph = lowerNetwork(network);
	const costed = graph.layers.map((layer) => ({ layer, costs: costsOf(layer, graph) }));
	const under = (prefix: RegExp, ...place: Parameters<Places>): Costs => ({
		...sum(costed.filter(({ layer }) => prefix.test(layer.name)).map(({ costs }) => costs)),
		latencyMs: at(...place),
	});
	const shape = (id: number) => graph.values[id]!;
	const plain = (name: "stem" | "head"): SectionCosts => {
		const section = graph.sections.find(({ kind }) => kind === name)!;
		return {
			name,
			costs: under(new RegExp(`^${name}\\.`), name),
			nodes: [],
			input: shape(section.input),
			output: shape(section.output),
		};
	};
	const stages = network.stages.map(({ cell }, stage): SectionCosts => {
		const cells = graph.sections.filter((section) => section.stage === stage);
		return {
			name: `stage ${stage + 1}`,
			stage,
			costs: under(new RegExp(`^stages\\.${stage}\\.`), stage),
			nodes: cell.operations.map((_, i) =>
				under(new RegExp(`^stages\\.${stage}\\.\\d+\\.node${i + 1}\\.`), stage, i + 1),
			),
			input: shape(cells[0]!.input),
			output: shape(cells.at(-1)!.output),
		};
	});
	return {
		network,
		graph,
		total: { ...sum(costed.map(({ costs }) => costs)), latencyMs: latency.latency?.ms ?? 0 },
		peakActivationBytes: peakActivationBytes(network),
		...latency,
		sections: [plain("stem"), ...stages, plain("head")],
		operations: operationShares(network, stages, plain("stem").costs, plain("head").costs),
	};
}

function operationShares(network: DomainNetwork, stages: readonly SectionCosts[], stem: Costs, head: Costs) {
	const shares = new Map<string, Costs>([
		["stem", stem],
		["head", head],
	]);
	for (const { stage, nodes, costs } of stages) {
		network.stages[stage!]!.cell.operations.forEach((operation, i) => {
			const name = operationTitle(operation);
			shares.set(name, sum([shares.get(name) ?? NONE, nodes[i]!]));
		});
		const inside = sum(nodes);
		const rest = costsOfEach((cost) => costs[cost] - inside[cost]);
		shares.set("projections and sums", sum([shares.get("projections and sums") ?? NONE, rest]));
	}
	return [...shares].map(([name, costs]) => ({ name, costs }));
}

function costsOf(layer: Layer, { values }: NetworkGraph): Costs {
	const { macCount, parameterCount, flopCount } = countLayer(layer, values);
	const { channels, height, width } = values[layer.output]!;
	return {
		macCount,
		parameterCount,
		flopCount,
		activationBytes: 4 * channels * height * width,
		latencyMs: 0,
	};
}

/** Names a network that no service has hashed yet by the cells that it is made of. */
export function networkToWire(network: Network): Network {
	return { ...network, hash: `own-${network.stages.map(({ cell }) => cell.hash.slice(0, 8)).join("-")}` };
}
