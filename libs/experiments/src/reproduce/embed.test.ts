import { latentDistances } from "@archgen/gvae";
import { createRandom } from "@archgen/random";
import { expect, test } from "vitest";
import { embed } from "./embed.js";

test("UMAP keeps two distant groups apart and repeats itself", async () => {
	const random = createRandom(5);
	const latents = Float32Array.from({ length: 120 }, (_, i) => (i < 60 ? 0 : 50) + random.normal());
	const distances = await latentDistances(latents, 2);
	const place = () => embed(distances, createRandom(1), new AbortController().signal);
	const points = await place();
	expect(await place()).toEqual(points);
	const centre = (part: typeof points) =>
		[0, 1].map((axis) => part.reduce((sum, point) => sum + point[axis]!, 0) / part.length);
	const [a, b] = [points.slice(0, 30), points.slice(30)];
	const near = (point: readonly number[], [x, y]: number[]) => Math.hypot(point[0]! - x!, point[1]! - y!);
	const [first, second] = [centre(a), centre(b)];
	const right = a.filter((point) => near(point, first) < near(point, second)).length;
	expect(right).toBeGreaterThan(27);
});
