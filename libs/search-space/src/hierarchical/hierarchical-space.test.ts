import { createRandom } from "@archgen/random";
import { describe, expect, it } from "vitest";
import { countLayers, countNetwork } from "../counting.js";
import { NETWORK_LIMITS } from "../limits.js";
import { macroNetwork } from "../macro-network.js";
import type { ArchitectureTensors } from "../tensors.js";
import type { HierarchicalArchitecture } from "./hierarchical-architecture.js";
import { hierarchicalSpace as space } from "./hierarchical-space.js";

const architecture = space.random(createRandom(7));
const cellsOf = ({ stages }: HierarchicalArchitecture) =>
	stages.reduce((sum, { repeats }) => sum + repeats, 0);

describe("the hierarchical space", () => {
	it("builds the macro network of a target", () => {
		const target = { size: 96, classes: 7 };
		const network = macroNetwork(architecture.stages, architecture.finalChannels, target);
		expect(countLayers(space.lower(architecture, target))).toEqual(countNetwork(network));
	});

	it("has one hash for stages written together or apart", () => {
		const stage = { ...architecture.stages[0]!, stride: 1 as const };
		const finalChannels = 64;
		const together = { stages: [{ ...stage, repeats: 4 }], finalChannels };
		const apart = {
			stages: [
				{ ...stage, repeats: 1 },
				{ ...stage, repeats: 3 },
			],
			finalChannels,
		};
		expect(space.hash(together)).toBe(space.hash(apart));
		expect(space.hash({ ...together, finalChannels: 72 })).not.toBe(space.hash(apart));
	});

	it("reaches every number of stages by mutation and never leaves the limits", () => {
		const random = createRandom(2);
		const counts = new Set<number>();
		let current = architecture;
		for (let i = 0; i < 400; i++) {
			current = space.mutate(current, random);
			counts.add(current.stages.length);
			expect(cellsOf(current)).toBeLessThanOrEqual(NETWORK_LIMITS.cells.maximum);
		}
		expect(Math.min(...counts)).toBe(1);
		expect(Math.max(...counts)).toBeGreaterThan(7);
	});

	it("says which part of a graph is wrong", () => {
		const changed = (change: (tensors: ArchitectureTensors) => void) => {
			const tensors = space.encode(architecture);
			change(tensors);
			const decoded = space.decode(tensors);
			return decoded.valid ? "valid" : `${decoded.reason} ${decoded.field}`;
		};
		const { nodes: rows, classes } = space.tensorShape;
		const setClass = (nodes: Float32Array, node: number, label: number) => {
			nodes.fill(0, node * classes.length, (node + 1) * classes.length);
			nodes[node * classes.length + label] = 1;
		};
		expect(changed(({ nodes }) => nodes.fill(0))).toBe("NO_STAGE nodes[0]");
		expect(changed(({ nodes }) => setClass(nodes, 1, 0))).toBe("WRONG_CLASS nodes[1]");
		expect(changed(({ nodes }) => setClass(nodes, rows - 1, 0))).toBe(`WRONG_CLASS nodes[${rows - 1}]`);
		expect(changed(({ nodes }) => setClass(nodes, 3, 1))).toBe("INPUT_MISPLACED stages[0].nodes[0]");
		expect(changed(({ adjacency }) => adjacency.fill(0, 1, 2))).toBe("WRONG_EDGE adjacency[0][1]");
		expect(changed(({ adjacency }) => adjacency.fill(1, 5, 6))).toBe("WRONG_EDGE adjacency[0][5]");
		expect(changed(({ nodes }) => setClass(nodes, 0, classes.indexOf("channels/1024")))).toBe("valid");
	});

	it("refuses JSON outside its limits and names the field", () => {
		const document = space.toJson(architecture) as { stages: object[]; finalChannels: number };
		const refused = (value: object, field: string) =>
			expect(() => space.fromJson({ ...document, ...value })).toThrow(
				expect.objectContaining({ violations: [expect.objectContaining({ field })] }),
			);
		refused({ finalChannels: 12 }, "finalChannels");
		refused({ stages: [] }, "stages");
		refused({ stages: [{ ...document.stages[0], stride: 3 }] }, "stages[0].stride");
		refused({ stages: new Array(6).fill({ ...document.stages[0], repeats: 4 }) }, "stages");
	});
});
