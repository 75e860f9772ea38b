import { createRandom } from "@archgen/random";
import { lowerNetwork, macroNetwork, randomCell } from "@archgen/search-space";
import { expect, it } from "vitest";
import { fitShapeModel, predictByShapes, type ShapeModel, shapeSums } from "./shape-model.js";

const network = (seed: number, repeats = 2) => {
	const random = createRandom(seed);
	const stage = (channels: number, stride: 1 | 2) => ({
		cell: randomCell(random),
		channels,
		stride,
		repeats,
	});
	return lowerNetwork(macroNetwork([stage(16, 1), stage(32, 2)], 64, { size: 32, classes: 10 }));
};

it("sums up logarithms of the shapes of weighted layers, by kind", () => {
	const graph = network(1);
	const sums = shapeSums(graph);
	const convolutions = graph.layers.flatMap((layer) => (layer.kind === "conv" ? [layer] : []));
	expect(sums).toHaveLength(23);
	expect(sums[0]! + sums[7]! + sums[14]!).toBe(convolutions.length);
	const pointwise = convolutions.filter(({ kernel, groups }) => kernel === 1 && groups === 1);
	const weights = pointwise.reduce(
		(sum, { inChannels, outChannels }) => sum + Math.log(inChannels * outChannels),
		0,
	);
	expect(sums[16]).toBeCloseTo(weights, 8);
	expect(sums.slice(-2)).toEqual([Math.log(64 * 10), Math.log(10)]);
});

it("finds the weights of a linear score again, whatever the level of each target", () => {
	const truth = { weights: Array.from({ length: 23 }, (_, i) => Math.sin(i + 1)) };
	const graphs = Array.from({ length: 160 }, (_, i) => network(i, 1 + (i % 3)));
	const level = (target: number) => 4000 * (target + 1);
	const groups = [0, 1, 2, 3].map((target) => {
		const own = graphs.filter((_, i) => i % 4 === target);
		return {
			sums: own.map(shapeSums),
			scores: own.map((graph) => level(target) + predictByShapes(truth, shapeSums(graph))),
		};
	});
	const model = fitShapeModel(groups, 1e-12);
	const differences = (of: ShapeModel) =>
		graphs.map((graph) => predictByShapes(of, shapeSums(graph)) - predictByShapes(of, shapeSums(graphs[0]!)));
	const [found, wanted] = [differences(model), differences(truth)];
	const largest = Math.max(...wanted.map(Math.abs));
	for (const [i, value] of wanted.entries()) expect(Math.abs(found[i]! - value)).toBeLessThan(1e-3 * largest);
});
