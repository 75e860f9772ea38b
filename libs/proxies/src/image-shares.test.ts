import { createRandom, fillNormal } from "@archgen/random";
import { alphaNetwork, layerParameters, lowerNetwork, randomCell } from "@archgen/search-space";
import { createInlineRuntime, detectChannelBlock, f32, type TensorValue } from "@archgen/tensor-graph";
import { describe, expect, it } from "vitest";
import { backwardInShares, imagesPerShare } from "./image-shares.js";
import { isWeighted } from "./layer-expressions.js";
import { type DetachedSection, detachSections } from "./section.js";
import { buildSectionModel } from "./section-models.js";
import { PORT } from "./section-ports.js";

const BATCH = 8;
const random = createRandom(5);
const noise = (shape: readonly number[]) =>
	f32(fillNormal(random, new Float32Array(shape.reduce((a, b) => a * b, 1))), shape);
const sections = detachSections(lowerNetwork(alphaNetwork(randomCell(createRandom(1)))));
const strided = sections.find(
	({ kind, values, output }) => kind === "cell" && values[output]!.height < values[0]!.height,
)!;

function weightsOf({ layers }: DetachedSection): Record<string, TensorValue> {
	const parameters = layers.filter(isWeighted).flatMap(layerParameters);
	return Object.fromEntries(parameters.map(({ name, shape }) => [name, noise(shape)]));
}

function imagesOf({ values, output }: DetachedSection): Record<string, TensorValue> {
	const shapeOf = (id: number) => [BATCH, values[id]!.channels, values[id]!.height, values[id]!.width];
	return { [PORT.x]: noise(shapeOf(0)), [PORT.dy]: noise(shapeOf(output)) };
}

describe("a backward pass in shares", () => {
	it.each([
		["the stem, plain", sections[0]!, false],
		["a cell, plain", sections[1]!, false],
		["a cell of stride 2, blocked", strided, true],
	] as const)("gives the gradients of the whole batch: %s", async (_, section, isBlocked) => {
		const runtime = createInlineRuntime();
		const block = isBlocked ? await detectChannelBlock(runtime) : null;
		const compile = (images: number) =>
			runtime.load(buildSectionModel(section, images, "backward", "eval", block), {
				optimization: block === null ? "all" : "disabled",
			});
		const [images, weights] = [imagesOf(section), weightsOf(section)];
		const whole = await (await compile(BATCH)).run({ ...images, ...weights });
		const shares = await backwardInShares(await compile(2), 2, images, weights);
		expect(Object.keys(shares).sort()).toEqual(Object.keys(whole).sort());
		for (const [name, { data, shape }] of Object.entries(whole)) {
			expect(shares[name]!.shape, name).toEqual(shape);
			const scale = (data as Float32Array).reduce((most, value) => Math.max(most, Math.abs(value)), 0);
			const worst = (data as Float32Array).reduce(
				(most, value, i) => Math.max(most, Math.abs(value - Number(shares[name]!.data[i]))),
				0,
			);
			expect(worst, name).toBeLessThan(1e-5 * scale);
		}
	});

	it("takes as many images as keep the largest activation small, and all where they do", () => {
		const sectionOf = (channels: number, size: number) =>
			({
				values: [
					{ channels: 3, height: size, width: size },
					{ channels, height: size, width: size },
				],
			}) as unknown as DetachedSection;
		expect(imagesPerShare(sectionOf(16, 32), 64)).toBe(64);
		expect(imagesPerShare(sectionOf(96, 32), 64)).toBe(16);
		expect(imagesPerShare(sectionOf(48, 64), 16)).toBe(8);
		expect(imagesPerShare(sectionOf(512, 512), 64)).toBe(4);
		expect(imagesPerShare(sectionOf(512, 512), 63)).toBe(63);
	});
});
