import { createRandom } from "@archgen/random";
import { randomCell } from "@archgen/search-space";
import fc from "fast-check";
import { expect, it } from "vitest";
import { layoutCell } from "./cell-layout.js";

const arbitraryLayout = fc.integer().map((seed) => layoutCell(randomCell(createRandom(seed))));

it("draws every arrow downwards between its two boxes", () => {
	fc.assert(
		fc.property(arbitraryLayout, ({ nodes, edges }) => {
			for (const { from, to } of edges) expect(nodes[from]!.y).toBeLessThan(nodes[to]!.y);
		}),
		{ numRuns: 25 },
	);
});

it("keeps every point within its bounds, wide arrows too", () => {
	fc.assert(
		fc.property(arbitraryLayout, ({ width, height, edges }) => {
			for (const { x, y } of edges.flatMap(({ points }) => points)) {
				expect(x).toBeGreaterThanOrEqual(0);
				expect(y).toBeGreaterThanOrEqual(0);
				expect(x).toBeLessThanOrEqual(width);
				expect(y).toBeLessThanOrEqual(height);
			}
		}),
		{ numRuns: 25 },
	);
});
