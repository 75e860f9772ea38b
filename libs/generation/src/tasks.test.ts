import { checkConstraints } from "@archgen/design";
import {
	countNetwork,
	imageMap,
	lowerNetwork,
	OUTPUT_STRIDES,
	TASK_NAMES,
	TASKS,
	type Target,
	validateNetwork,
} from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conditionOf } from "./condition.js";
import { generate } from "./generate.js";
import { dependencies } from "./testing.suite.js";

const side = fc.integer({ min: 16, max: 90 });
const targets: fc.Arbitrary<Target> = fc
	.record({
		...{ size: side, width: side, channels: fc.integer({ min: 1, max: 64 }) },
		task: fc.constantFrom(...TASK_NAMES),
		outputs: fc.integer({ min: 2, max: 9 }),
		outputStride: fc.constantFrom(...OUTPUT_STRIDES.filter((stride) => stride <= 4)),
	})
	.map(({ outputs, outputStride, ...target }) => ({
		...target,
		classes: target.task === "features" ? 0 : outputs,
		...(target.task === "dense" && { outputStride }),
	}));

/** What comes out of a network for one image: channels, height, width. */
function outputOf(network: Parameters<typeof lowerNetwork>[0]) {
	const graph = lowerNetwork(network);
	return graph.values[graph.output]!;
}

describe("networks for any task and images", () => {
	it("have the images, outputs and output stride that were asked for, and keep the bounds by recount", async () => {
		await fc.assert(
			fc.asyncProperty(targets, fc.nat(), async (target, seed) => {
				const constraints = { maxMacCount: 120_000_000 };
				const request = { target, constraints, seed, candidates: 6, topK: 6 };
				const { networks } = await generate(request, dependencies());
				for (const { network, counts } of networks) {
					expect(countNetwork(validateNetwork(network))).toEqual(counts);
					expect(checkConstraints(counts, constraints).satisfied).toBe(true);
					const { size, width, channels } = target;
					expect(imageMap(network.input)).toEqual({ channels, height: size, width });
					const output = outputOf(network);
					if (target.task !== "features") expect(output.channels).toBe(target.classes);
					if (TASKS[target.task!].head === "pooled") expect([output.height, output.width]).toEqual([1, 1]);
					if (target.task !== "dense") continue;
					let stride = target.outputStride!;
					let sides = [size, width!];
					for (; stride > 1; stride /= 2) sides = sides.map((length) => Math.ceil(length / 2));
					expect([output.height, output.width]).toEqual(sides);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it("are asked of the generator as classifiers of the square picture with as many pixels", () => {
		const condition = (target: Target) => conditionOf({ target, constraints: { maxDepth: 40 } }, 0);
		expect(condition({ size: 16, width: 52, channels: 1, classes: 18 })).toEqual({
			classes: 18,
			inputSize: 29,
			depth: 40,
		});
		expect(condition({ size: 85, classes: 1, task: "dense" })).toEqual({
			classes: 2,
			inputSize: 85,
			depth: 40,
		});
	});

	it.each([
		[{ size: 32, classes: 1 }, "target.classes"],
		[{ size: 32, classes: 4, task: "features" }, "target.classes"],
		[{ size: 32, width: 600, classes: 4 }, "target.width"],
		[{ size: 32, channels: 65, classes: 4 }, "target.channels"],
		[{ size: 32, classes: 4, task: "dense", outputStride: 3 }, "target.outputStride"],
		[{ size: 32, classes: 4, outputStride: 2 }, "target.outputStride"],
		[{ size: 32, classes: 4, task: "detection" }, "target.task"],
	])("are refused by the field that is wrong: %o", async (target, field) => {
		const violations = [expect.objectContaining({ field })];
		const request = { target: target as Target, constraints: {}, candidates: 2 };
		await expect(generate(request, dependencies())).rejects.toMatchObject({ violations });
	});
});

/** The tasks of NAS-Bench-360 (Tu et al., 2022) that its authors give to two-dimensional networks. */
const NASBENCH360 = {
	spherical: { size: 60, classes: 100 },
	ninapro: { size: 16, width: 52, channels: 1, classes: 18 },
	"darcy flow": { size: 85, channels: 1, classes: 1, task: "dense", outputStride: 1 },
} as const satisfies Readonly<Record<string, Target>>;

describe.each(Object.entries(NASBENCH360))("the NAS-Bench-360 task %s", (name, target: Target) => {
	it("is answered under a bound, with outputs of its shape", async () => {
		const constraints = { maxMacCount: 200_000_000, maxParameterCount: 600_000 };
		const request = { target, constraints, candidates: 5, topK: 5 };
		const { networks } = await generate(request, dependencies());
		expect(networks.length).toBeGreaterThan(0);
		const { height, width, channels } = outputOf(networks[0]!.network);
		const shape = name === "darcy flow" ? [1, 85, 85] : [target.classes, 1, 1];
		expect([channels, height, width]).toEqual(shape);
	});
});
