import { createRandom } from "@archgen/random";
import { lowerNetwork } from "@archgen/search-space";
import { describe, expect, it } from "vitest";
import { randomNetwork } from "../testing/random-network.js";
import { livelyParameters } from "./lively-parameters.js";
import { networkParameters, runningStatistics } from "./weights.js";

const graph = lowerNetwork(randomNetwork(4));
const parameters = livelyParameters(graph, createRandom(4));
const norm = graph.layers.find((layer) => layer.kind === "batch_norm")!;

describe("weights of files", () => {
	it("are those given, and fresh statistics where none are", () => {
		const variance = new Float32Array(norm.channels).fill(3);
		const given = new Map(parameters).set(`${norm.name}.running_var`, variance);
		expect(networkParameters(graph, { parameters: given })).toEqual(parameters);
		const statistics = runningStatistics(graph, { parameters: given });
		expect(statistics.get(`${norm.name}.running_var`)).toBe(variance);
		expect(statistics.get(`${norm.name}.running_mean`)).toEqual(new Float32Array(norm.channels));
	});

	it("are refused where they are another network's", () => {
		const name = [...parameters.keys()].at(-1)!;
		const lacking = new Map(parameters);
		lacking.delete(name);
		expect(() => networkParameters(graph, { parameters: lacking })).toThrow(`"${name}"`);
		const longer = new Map(parameters).set(name, new Float32Array(parameters.get(name)!.length + 1));
		expect(() => networkParameters(graph, { parameters: longer })).toThrow("the network needs");
		const wrong = new Map(parameters).set(`${norm.name}.running_mean`, new Float32Array(norm.channels + 1));
		expect(() => runningStatistics(graph, { parameters: wrong })).toThrow("the network needs");
	});
});
