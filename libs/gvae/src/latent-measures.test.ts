import { createRandom, fillNormal } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { type ClusteredCell, latentDistances, measureLatents, nearestRows } from "./latent-measures.js";

/** Points on a line, cluster by cluster. */
const line = (positions: readonly number[], clusters: readonly number[]) => ({
	latents: Float32Array.from(positions),
	cells: positions.map((x, i): ClusteredCell => ({ zc: [x, 0, 0, 0], cluster: clusters[i]! })),
});
const all = (cells: readonly unknown[]) => cells.map((_, i) => i);

describe("latentDistances", () => {
	it("are L1, symmetric and zero on the diagonal", async () => {
		const { rows, values } = await latentDistances(Float32Array.of(0, 0, 1, -2, 3, 3), 2);
		expect(rows).toBe(3);
		expect([...values]).toEqual([0, 3, 6, 3, 0, 7, 6, 7, 0]);
	});

	it("stop when the signal fires", async () => {
		await expect(latentDistances(new Float32Array(4), 2, AbortSignal.abort())).rejects.toMatchObject({
			reason: "CANCELLED",
		});
	});
});

it("nearestRows are sorted and leave the row itself out", async () => {
	const { latents } = line([0, 1, 10, 3], [0, 0, 0, 0]);
	expect(nearestRows(await latentDistances(latents, 1), 1, 2)).toEqual([0, 3]);
});

describe("measureLatents", () => {
	it("finds perfect order where latents are zero-cost vectors and clusters lie apart", async () => {
		const { latents, cells } = line([0, 1, 2, 100, 101, 102], [4, 4, 4, 7, 7, 7]);
		const distances = await latentDistances(latents, 1);
		const measures = await measureLatents(distances, cells, all(cells), { neighbours: 2 });
		expect(measures.cells).toBe(6);
		expect(measures.distanceCorrelation).toBeCloseTo(1, 6);
		expect(measures.neighbourPurity).toBe(1);
		expect(measures.chancePurity).toBeCloseTo(0.4, 12);
		// Outer points: a = 1.5, b = 101 (row 0); middle points: a = 1, b = 100.
		expect(measures.silhouette).toBeCloseTo(
			(2 * (1 - 1.5 / 101) + 2 * (1 - 1 / 100) + 2 * (1 - 1.5 / 99)) / 6,
			6,
		);
	});

	it("finds none where latents are noise", async () => {
		const noise = fillNormal(createRandom(3), new Float32Array(400));
		const random = createRandom(4);
		const cells = Array.from({ length: 400 }, () => ({
			zc: [random.normal(), 0, 0, 0],
			cluster: random.integer(4),
		}));
		const measures = await measureLatents(await latentDistances(noise, 1), cells, all(cells));
		expect(Math.abs(measures.distanceCorrelation)).toBeLessThan(0.05);
		expect(Math.abs(measures.neighbourPurity - measures.chancePurity)).toBeLessThan(0.05);
		expect(measures.silhouette).toBeLessThan(0.01);
	});

	it("measures some cells among all of them", async () => {
		const { latents, cells } = line([0, 1, 5, 6], [0, 0, 1, 0]);
		const measures = await measureLatents(await latentDistances(latents, 1), cells, [0, 3], {
			neighbours: 1,
		});
		expect(measures.cells).toBe(2);
		expect(measures.neighbourPurity).toBe(0.5);
		expect(measures.chancePurity).toBeCloseTo(2 / 3, 12);
	});

	it("gives the only cell of a cluster a silhouette of 0", async () => {
		const { latents, cells } = line([0, 1, 2], [0, 1, 1]);
		const { silhouette } = await measureLatents(await latentDistances(latents, 1), cells, [0, 0]);
		expect(silhouette).toBe(0);
	});
});
