import { invalidArgument } from "@archgen/errors";
import { designNetwork } from "@archgen/evolution";
import type { NetworkFacts } from "@archgen/exporters";
import { naming, readNamedJson } from "@archgen/files";
import { readHistory } from "@archgen/pipeline";
import { common } from "@archgen/rpc";
import {
	alphaNetwork,
	type Cell,
	cellFromJson,
	cellFromNasBench201,
	type GraphNetArchitecture,
	graphNetFileFromJson,
	type Network,
	networkFromJson,
} from "@archgen/search-space";
import { networkFromMessage } from "@archgen/wire";
import { historyFacts, networksOfAnswer } from "./generation/network-facts.js";

/** Where networks are, exactly one of the files or texts given. Errors name them as options, `--network` and so on. */
export interface NetworkSource {
	readonly graphnet?: string;
	readonly index?: number;
	readonly network?: string;
	readonly cell?: string;
	readonly nasbench201?: string;
	readonly history?: string;
	readonly answer?: string;
}

/** A network, and the cell when it is that cell's α_x. */
export interface NamedNetwork {
	readonly network: Network;
	readonly cell?: Cell;
	/** Its place in a file of published architectures. */
	readonly published?: GraphNetArchitecture;
	/** What a search gave it; none where it breaks a bound. */
	readonly score?: number;
	/** For its model card. */
	readonly facts?: NetworkFacts;
}

const FORMS = ["graphnet", "network", "cell", "nasbench201", "history", "answer"] as const;
type Form = (typeof FORMS)[number];

const READERS: { readonly [F in Form]: (value: string) => Promise<NamedNetwork[]> } = {
	graphnet: async (path) =>
		(await readFile("--graphnet", path, graphNetFileFromJson)).map((published) => ({
			network: published.network,
			published,
		})),
	network: async (path) => await readFile("--network", path, networksFromJson),
	cell: async (path) => [ofCell(await readFile("--cell", path, (json) => cellFromJson(json)))],
	nasbench201: async (text) => [ofCell(await naming("", "--nasbench201", () => cellFromNasBench201(text)))],
	history: async (path) =>
		(await naming("", "--history", () => readHistory(path))).map(
			({ index, design, target, score, excess }) => ({
				network: designNetwork(design, target),
				...(excess === undefined && { score }),
				facts: historyFacts(path, index, score),
			}),
		),
	answer: async (path) => {
		const json = await readNamedJson("--answer", path);
		return naming("answer", `--answer ${path}`, () => networksOfAnswer(json));
	},
};

/** Every network of a source, in order. */
export async function readNetworks(options: NetworkSource): Promise<NamedNetwork[]> {
	const given = FORMS.filter((form) => options[form] !== undefined);
	if (given.length !== 1) {
		const flags = FORMS.map((form) => `--${form}`).join(", ");
		throw invalidArgument(flags, "give exactly one of these to name a network");
	}
	return READERS[given[0]!](options[given[0]!]!);
}

/** The one network of a source; of several `index` chooses, of a history the best is taken without it. */
export async function readOneNetwork(options: NetworkSource): Promise<NamedNetwork> {
	const networks = await readNetworks(options);
	const isFileOfSeveral = [options.graphnet, options.history, options.answer].some(
		(file) => file !== undefined,
	);
	if (options.index !== undefined && networks.length < 2 && !isFileOfSeveral)
		throw invalidArgument("--index", "goes with a file of several networks only");
	if (options.history !== undefined && options.index === undefined) return best(networks);
	if (networks.length > 1 && options.index === undefined && options.answer === undefined)
		throw invalidArgument(
			"--index",
			`must say which of the ${networks.length} architectures of ${options.graphnet ?? options.network} is meant`,
		);
	const chosen = networks[options.index ?? 0];
	if (chosen === undefined)
		throw invalidArgument("--index", `must be below ${networks.length}, not ${options.index}`);
	return chosen;
}

function best(networks: readonly NamedNetwork[]): NamedNetwork {
	const feasible = networks.filter(({ score }) => score !== undefined);
	if (feasible.length === 0) throw invalidArgument("--history", "holds no network inside its bounds yet");
	return feasible.reduce((a, b) => (b.score! > a.score! ? b : a));
}

/** A network in our JSON form, or what a call over gRPC answered: a network, a generated network, or a result with several. */
function networksFromJson(json: unknown): NamedNetwork[] {
	const wrapped = json as {
		readonly result?: unknown;
		readonly networks?: unknown;
		readonly network?: unknown;
	};
	if (typeof json !== "object" || json === null || Array.isArray(json))
		return [{ network: networkFromJson(json) }];
	if (wrapped.result !== undefined) return networksFromJson(wrapped.result);
	if (Array.isArray(wrapped.networks)) {
		if (wrapped.networks.length === 0) throw invalidArgument("networks", "holds none");
		return wrapped.networks.flatMap(networksFromJson);
	}
	if (wrapped.network !== undefined) return networksFromJson(wrapped.network);
	const isMessage = "inputSize" in json || "input_size" in json;
	return [{ network: isMessage ? networkFromMessage(messageOf(json), "") : networkFromJson(json) }];
}

function messageOf(json: object): common.Network {
	try {
		return common.Network.fromJSON(json);
	} catch (cause) {
		throw invalidArgument("document", `is no network (${(cause as Error).message})`);
	}
}

function ofCell(cell: Cell): NamedNetwork {
	return { cell, network: alphaNetwork(cell) };
}

async function readFile<T>(option: string, path: string, parse: (json: unknown) => T): Promise<T> {
	const json = await readNamedJson(option, path);
	return naming("", `${option} ${path}`, () => parse(json));
}
