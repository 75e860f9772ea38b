import { layoutCell } from "@archgen/exporters/drawing";
import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type EdgeLabel, edgeLabels } from "../page/src/views/edge-labels.js";

const arbitraryLayout = fc
	.integer({ min: 0, max: 2 ** 31 })
	.map((seed) => layoutCell(randomCell(createRandom(seed))));

const apart = (a: Omit<EdgeLabel, "text">, b: Omit<EdgeLabel, "text">) =>
	2 * Math.abs(a.x - b.x) >= a.width + b.width || 2 * Math.abs(a.y - b.y) >= a.height + b.height;

test("shapes along edges cover neither boxes nor each other, once for what leaves a node", () => {
	const property = fc.property(arbitraryLayout, ({ nodes, edges }) => {
		const labels = edgeLabels(
			edges.map((edge) => ({ ...edge, text: edge.from === 0 && edge.to % 2 ? "48×32²" : "48×16²" })),
			nodes,
		);
		labels.forEach((label, i) => {
			for (const other of [...nodes, ...labels.slice(i + 1)]) expect(apart(label, other)).toBe(true);
		});
		const sources = new Set(edges.map(({ from }) => from));
		expect(labels.length).toBeGreaterThan(0);
		expect(labels.length).toBeLessThanOrEqual(sources.size + 1);
	});
	fc.assert(property, { numRuns: 50 });
});
