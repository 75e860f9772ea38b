import { createRandom } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import {
	add,
	buildModel,
	createInlineRuntime,
	f32,
	gradients,
	initialize,
	input,
	mul,
	ParameterScope,
	reduceSum,
	type Tensor,
} from "@archgen/tensor-graph";
import { expect, it } from "vitest";
import { encodeCells } from "./cell-tensors.js";
import { FEATURES, NODES } from "./dimensions.js";
import { gvaeEncoder } from "./encoder.js";
import { packedNodes } from "./packed-nodes.js";

const SIZE = { hidden: 10, latent: 6, mlp: 4 };
const runtime = createInlineRuntime();

/** Means, standard deviations and the gradient of a weighted sum of them, of an encoder whose parameters are nowhere 0. */
async function encoded(cells: readonly Cell[], isPacked: boolean): Promise<Map<string, Float32Array>> {
	const rows = cells.length;
	const adjacency = input("adjacency", [rows, NODES, NODES]);
	const features = input("features", [rows, NODES, FEATURES]);
	const weight = input("weight", [rows, SIZE.latent]);
	const scope = new ParameterScope();
	const packed = isPacked ? packedNodes(adjacency) : undefined;
	const { mean, logStd } = gvaeEncoder(scope, adjacency, features, SIZE, packed);
	const loss = reduceSum(mul(weight, add(mean, mul(logStd, logStd))));
	const tensors = [...scope.tensors()];
	const partials = gradients(
		loss,
		tensors.map(([, tensor]) => tensor),
	);
	const outputs: Record<string, Tensor> = { mean, logStd };
	tensors.forEach(([name], i) => {
		outputs[`d ${name}`] = partials[i]!;
	});
	const random = createRandom(4);
	const normal = (length: number) => Float32Array.from({ length }, () => random.normal());
	const initial = initialize(
		scope.specs().map((spec) => ({ ...spec, init: { kind: "normal", std: 0.5 } as const })),
		random,
	);
	const tensorsOfCells = encodeCells(cells);
	const model = await runtime.load(buildModel({ outputs }));
	const values = await model.run({
		adjacency: f32(tensorsOfCells.adjacency, [rows, NODES, NODES]),
		features: f32(tensorsOfCells.features, [rows, NODES, FEATURES]),
		weight: f32(normal(rows * SIZE.latent), [rows, SIZE.latent]),
		...Object.fromEntries(scope.specs().map(({ name, shape }) => [name, f32(initial.get(name)!, shape)])),
	});
	return new Map(Object.entries(values).map(([name, { data }]) => [name, data as Float32Array]));
}

const random = createRandom(9);
const mixed = Array.from({ length: 40 }, () => randomCell(random));
const isFull = (cell: Cell) => cell.operations.length + 3 === NODES;

it.each([
	["some nodes are unused", mixed.slice(0, 12)],
	["none is", mixed.filter(isFull).slice(0, 3)],
	["the batch is one small cell", mixed.filter((cell) => !isFull(cell)).slice(0, 1)],
])("the encoder and its gradient are the same over packed nodes when %s", async (_, cells) => {
	expect(cells.length).toBeGreaterThan(0);
	const [plain, packed] = [await encoded(cells, false), await encoded(cells, true)];
	for (const [name, values] of plain) {
		const largest = Math.max(1, ...values.map(Math.abs));
		values.forEach((value, i) => {
			expect(Math.abs(packed.get(name)![i]! - value) / largest, name).toBeLessThan(2e-5);
		});
	}
});
