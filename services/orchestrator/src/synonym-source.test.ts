import { createRandom } from "@archgen/random";
import { ccnf, type common, gvae } from "@archgen/rpc";
import { type Cell, randomCell } from "@archgen/search-space";
import { cellFromMessage, cellToMessage } from "@archgen/wire";
import { expect, test } from "vitest";
import { type KnownVectors, knownVectors, RemoteCells } from "./synonym-source.js";
import type { Upstream } from "./upstream.js";
import { Versions } from "./versions.js";

const [first, second, third] = [1, 2, 3].map((seed) => randomCell(createRandom(seed))) as [Cell, Cell, Cell];
const CELLS = [first, second, third];

/** Services for which the latent and the vector of a cell are its index in CELLS; `asked` gets the number of cells of each encoding. */
function services(asked: number[]): Pick<Upstream, "ccnf" | "gvae" | "patienceMs"> {
	const model = { modelVersion: { name: "default", version: "1" } };
	const latentOf = (message: common.Cell) => {
		const { hash } = cellFromMessage(message, "cell");
		return { values: [CELLS.findIndex((cell) => cell.hash === hash)] };
	};
	const service = {
		encodeCells: async ({ cells }: gvae.EncodeCellsRequest) => {
			asked.push(cells.length);
			const results = cells.map((cell) => ({ outcome: { $case: "latent" as const, value: latentOf(cell) } }));
			return gvae.EncodeCellsResponse.fromPartial({ ...model, results });
		},
		predictZcVectors: async ({ latents }: gvae.PredictZcVectorsRequest) =>
			gvae.PredictZcVectorsResponse.fromPartial({
				...model,
				results: latents.map(({ values }) => ({ standardized: values })),
			}),
		sampleLatents: async ({ conditions }: ccnf.SampleLatentsRequest) =>
			ccnf.SampleLatentsResponse.fromPartial({
				...model,
				samples: conditions.map(({ target }) => ({
					latent: { values: target?.$case === "standardized" ? target.value.values : [] },
				})),
			}),
		decodeLatents: async ({ latents }: gvae.DecodeLatentsRequest) =>
			gvae.DecodeLatentsResponse.fromPartial({
				...model,
				results: latents.map(({ values }) => ({
					outcome: { $case: "cell", value: cellToMessage(CELLS[values[0]!]!) },
				})),
			}),
	};
	return { gvae: service, ccnf: service, patienceMs: 0 } as unknown as Upstream;
}

function ask(
	upstream: ReturnType<typeof services>,
	cells: readonly Cell[],
	version: string,
	known?: KnownVectors,
) {
	const source = new RemoteCells(upstream, new Versions(), version, known);
	const requests = cells.map((reference) => ({ cluster: 0, reference }));
	return source.sample(requests, createRandom(0));
}

test("vectors of cells are predicted once for each cell and version", async () => {
	const asked: number[] = [];
	const upstream = services(asked);
	const known = knownVectors();
	const hashes = async (cells: readonly Cell[], version: string) =>
		(await ask(upstream, cells, version, known)).map((cell) => (cell as Cell).hash);
	expect(await hashes([first, second, first], "7")).toEqual([first.hash, second.hash, first.hash]);
	expect(await hashes([second, third, second], "7")).toEqual([second.hash, third.hash, second.hash]);
	expect(await hashes([third, first], "7")).toEqual([third.hash, first.hash]);
	expect(asked).toEqual([2, 1]);
	await hashes([first], "8");
	expect(asked).toEqual([2, 1, 1]);
});

test("nothing is kept where the services choose the version", async () => {
	const asked: number[] = [];
	const known = knownVectors();
	const upstream = services(asked);
	for (let i = 0; i < 2; i++) await ask(upstream, [first, first], "", known);
	expect(asked).toEqual([1, 1]);
	expect(known.size).toBe(0);
});
