import {
	type CellGenerator,
	type CellRequest,
	isCellFailure,
	RANDOM_CELLS,
	zcDistance,
} from "@archgen/design";
import { createRandom } from "@archgen/random";
import { type Cell, cellsSpace, randomCell } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import { expect, it } from "vitest";

/** A generator under test, and how well it must do. */
export interface GeneratorUnderTest {
	readonly generator: () => CellGenerator;
	/** What the predictor says of cells; null for generators that are asked for nothing. */
	readonly predict: (cells: readonly Cell[]) => Promise<readonly (readonly number[])[]>;
	/** Whether it is led by vectors, and so nearer to them than random cells and open to cancellation. */
	readonly isLed: boolean;
}

const REFERENCES = Array.from({ length: 4 }, (_, seed) => randomCell(createRandom(seed)));
const MIXED: readonly CellRequest[] = [
	{ cluster: 0 },
	{ cluster: 1, reference: REFERENCES[0]! },
	{ cluster: 2 },
	{ cluster: 1, reference: REFERENCES[1]! },
];

/** What holds for every cell generator; called within a `describe`. */
export function cellGeneratorSuite({ generator, predict, isLed }: GeneratorUnderTest): void {
	const draw = async (requests: readonly CellRequest[], seed = 0) =>
		generator().sample(requests, createRandom(seed));

	it("answers every request with a valid cell or a named reason", async () => {
		expect(await draw([])).toEqual([]);
		for (const count of [1, 4, 70]) {
			const requests = Array.from({ length: count }, (_, i) => MIXED[i % MIXED.length]!);
			const drawn = await draw(requests);
			expect(drawn).toHaveLength(count);
			for (const each of drawn) {
				if (isCellFailure(each)) expect(each.reason).toMatch(/^[A-Z_]+$/);
				else expect(cellsSpace.problem(each)).toBeUndefined();
			}
		}
	});

	it("gives the same cells for the same stream and others for another", async () => {
		expect(await draw(MIXED, 1)).toEqual(await draw(MIXED, 1));
		expect(await draw(MIXED, 1)).not.toEqual(await draw(MIXED, 2));
		expect(generator().version).not.toBe("");
	});

	if (!isLed) return;

	it("draws cells whose vectors are nearer to the asked one than those of random cells", async () => {
		const requests = REFERENCES.flatMap((reference) => Array(16).fill({ cluster: 0, reference }));
		const distances = async (cells: Awaited<ReturnType<typeof draw>>) => {
			const valid = cells.filter((cell): cell is Cell => !isCellFailure(cell));
			const own = await predict(REFERENCES);
			const asked = cells.flatMap((cell, i) => (isCellFailure(cell) ? [] : [own[Math.floor(i / 16)]!]));
			return mean((await predict(valid)).map((vector, i) => zcDistance(vector, asked[i]!)));
		};
		const random = await distances(await RANDOM_CELLS.sample(requests, createRandom(0)));
		expect(await distances(await draw(requests))).toBeLessThan(0.9 * random);
	});

	it("stops when it is cancelled", async () => {
		const requests = Array.from({ length: 256 }, () => MIXED[0]!);
		const stop = new AbortController();
		const drawing = generator().sample(requests, createRandom(0), { signal: stop.signal });
		stop.abort();
		await expect(drawing).rejects.toMatchObject({ category: "CANCELLED" });
	});
}
