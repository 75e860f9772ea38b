import { createRandom } from "@archgen/random";
import { type Cell, randomCell } from "@archgen/search-space";
import { expect, it } from "vitest";
import { encodeCells } from "./cell-tensors.js";
import { FEATURES, NODES } from "./dimensions.js";
import { type GvaeData, trainingBatch } from "./training-batch.js";

const random = createRandom(1);
const labelled = Array.from({ length: 5 }, (_, i) => ({ cell: randomCell(random), zc: [i, -i, 0, 1] }));
const SIZES = { labelled: 4, unlabelled: 3 };
const generated: GvaeData = { unlabelled: "generated", labelled };

it("depends on the random stream alone", () => {
	const batch = trainingBatch(generated, SIZES, 8, createRandom(2));
	expect(trainingBatch(generated, SIZES, 8, createRandom(2))).toEqual(batch);
	expect(trainingBatch(generated, SIZES, 8, createRandom(3))).not.toEqual(batch);
});

it("puts labelled cells first, each with its own zero-cost vector", () => {
	const { features, zc, adjacency } = trainingBatch(generated, SIZES, 8, createRandom(2));
	expect([adjacency!.shape, features!.shape, zc!.shape]).toEqual([
		[7, NODES, NODES],
		[7, NODES, FEATURES],
		[4, 4],
	]);
	for (let row = 0; row < SIZES.labelled; row++) {
		const { cell } = labelled[Number(zc!.data[4 * row])]!;
		const own = features!.data.slice(row * NODES * FEATURES, (row + 1) * NODES * FEATURES);
		expect(own).toEqual(encodeCells([cell]).features);
	}
});

it("gives the counts of unlabelled cells in their order", () => {
	const seen: Cell[] = [];
	const counts = (cell: Cell) => [seen.push(cell), -cell.edges.length];
	const batch = trainingBatch({ ...generated, counts }, SIZES, 8, createRandom(2));
	expect(batch.counts!.shape).toEqual([3, 2]);
	expect([...batch.counts!.data]).toEqual(seen.flatMap((cell, i) => [i + 1, -cell.edges.length]));
	expect(batch.features!.data.slice(4 * NODES * FEATURES)).toEqual(encodeCells(seen).features);
});

it("never generates an excluded cell", () => {
	const stream = () => createRandom(4);
	const adjacency = (exclude: ReadonlySet<string>) =>
		trainingBatch({ ...generated, exclude }, { labelled: 3, unlabelled: 1 }, 8, stream());
	const free = adjacency(new Set());
	// Replays the stream up to the generated cell, then forbids exactly that one.
	const replay = stream();
	for (let i = 0; i < 3; i++) replay.pick(labelled);
	const forbidden = randomCell(replay);
	const last = (batch: ReturnType<typeof adjacency>) => batch.adjacency!.data.slice(3 * NODES * NODES);
	expect(last(free)).toEqual(encodeCells([forbidden]).adjacency);
	expect(adjacency(new Set([forbidden.hash])).features!.data).not.toEqual(free.features!.data);
});
