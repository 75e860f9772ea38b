import { afterAll, describe, expect, it } from "vitest";
import { buildModel, createInlineRuntime, f32, input } from "../index.js";
import { sinusoidalEmbedding, sinusoidalPositions } from "./sinusoidal.js";

const runtime = createInlineRuntime();
afterAll(() => runtime.close());

describe("sinusoidal embeddings", () => {
	it("of numbers are sines, then cosines at frequencies from 1 to 1/10,000", async () => {
		const x = input("x", ["batch", 1]);
		const model = await runtime.load(buildModel({ outputs: { y: sinusoidalEmbedding(x, 6) } }));
		const { y } = await model.run({ x: f32([0.5, 3], [2, 1]) });
		expect(y!.shape).toEqual([2, 6]);
		for (const [row, value] of [0.5, 3].entries())
			for (const [i, frequency] of [1, 1e-2, 1e-4].entries()) {
				expect(y!.data[6 * row + i]).toBeCloseTo(Math.sin(value * frequency), 6);
				expect(y!.data[6 * row + 3 + i]).toBeCloseTo(Math.cos(value * frequency), 6);
			}
	});

	it("of positions have sine and cosine side by side, and products that depend on distances alone", () => {
		const [count, width] = [9, 8];
		const table = sinusoidalPositions(count, width);
		const row = (i: number) => table.subarray(i * width, (i + 1) * width);
		expect([...row(0)]).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
		expect(row(3)[2]).toBeCloseTo(Math.sin(3 / 10), 6);
		const product = (i: number, j: number) => row(i).reduce((sum, x, k) => sum + x * row(j)[k]!, 0);
		for (const distance of [1, 2, 3])
			for (let i = 1; i + distance < count; i++)
				expect(product(i, i + distance)).toBeCloseTo(product(0, distance), 5);
	});
});
