import { createRandom } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import {
	buildModel,
	createInlineRuntime,
	f32,
	gradients,
	initialize,
	type LossTerms,
} from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { GVAE_CONFIG } from "./gvae-config.js";
import { trainingBatch } from "./training-batch.js";
import { gvaeLoss } from "./training-graph.js";

const SIZE = { hidden: 12, latent: 8, mlp: 10 };
const SIZES = { labelled: 5, unlabelled: 9 };
const runtime = createInlineRuntime();

/** Loss, terms and the gradient of every parameter at its start, by name. */
async function measure(counts: number) {
	const random = createRandom(2);
	const weights = { ...GVAE_CONFIG.weights, counts };
	const graph = gvaeLoss(SIZE, SIZES, weights);
	const zcOf = (cell: Cell) => [cell.operations.length - 4, cell.edges.length / 4 - 3, 0.5, -1];
	const labelled = Array.from({ length: 20 }, () => randomCell(random)).map((cell) => ({
		cell,
		zc: zcOf(cell),
	}));
	const data = { labelled, unlabelled: "generated", counts: (cell: Cell) => zcOf(cell).slice(2) } as const;
	const specs = graph.parameters.specs();
	const initial = initialize(specs, random.fork("parameters"));
	const parameters = specs.map(({ name, shape }) => [name, f32(initial.get(name)!, shape)]);
	const feeds = {
		...Object.fromEntries(parameters),
		...trainingBatch(data, SIZES, SIZE.latent, random.fork("batch")),
	};
	const tensors = [...graph.parameters.tensors()];
	const evaluate = async ({ loss, metrics }: LossTerms) => {
		const partials = gradients(
			loss,
			tensors.map(([, tensor]) => tensor),
		);
		const named = Object.fromEntries(tensors.map(([name], i) => [`d ${name}`, partials[i]!]));
		const model = await runtime.load(buildModel({ outputs: { loss, ...metrics, ...named } }));
		const values = await model.run(feeds);
		return new Map(
			Object.entries(values).map(([name, { data: numbers }]) => [name, numbers as Float32Array]),
		);
	};
	const shares = await Promise.all(graph.shares.map(evaluate));
	return { whole: await evaluate(graph), shares };
}

describe("the shares of the loss", () => {
	it.each([0, 0.7])("add up to the whole and its gradient, with a weight of counts of %d", async (counts) => {
		const { whole, shares } = await measure(counts);
		const terms = [
			"reconstruction",
			"kl",
			"triplet",
			"predictor",
			...(counts > 0 ? ["predictedCounts"] : []),
		];
		expect([...whole.keys()].slice(0, terms.length + 1)).toEqual(["loss", ...terms]);
		for (const [name, values] of whole) {
			const largest = Math.max(1, ...values.map(Math.abs));
			values.forEach((value, i) => {
				const sum = shares.reduce((total, share) => total + (share.get(name)?.[i] ?? 0), 0);
				expect(Math.abs(sum - value) / largest, name).toBeLessThan(1e-5);
			});
		}
	});
});
