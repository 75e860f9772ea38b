import { alphaNetwork, cellFromNasBench201, lowerNetwork } from "@archgen/search-space";
import { describe, expect, it } from "vitest";
import { detachSections } from "./section.js";

const cell = cellFromNasBench201(
	"|nor_conv_3x3~0|+|none~0|nor_conv_3x3~1|+|skip_connect~0|none~1|nor_conv_1x1~2|",
);

describe("detachSections", () => {
	const graph = lowerNetwork(alphaNetwork(cell));
	const sections = detachSections(graph);

	it("gives the 17 cells of α_x five different programs", () => {
		expect(sections.map((s) => s.kind)).toEqual(["stem", ...new Array(17).fill("cell"), "head"]);
		expect(new Set(sections.filter((s) => s.kind === "cell").map((s) => s.key)).size).toBe(5);
	});

	it("loses no layer and keeps names apart from their prefix", () => {
		const names = sections.flatMap((s) => s.layers.map((layer) => s.prefix + layer.name));
		expect(names).toEqual(graph.layers.map((layer) => layer.name));
	});

	it("numbers values from the input on", () => {
		for (const { layers, values, output } of sections) {
			expect(layers[0]!.inputs).toEqual([0]);
			expect(output).toBeLessThan(values.length);
		}
	});
});
