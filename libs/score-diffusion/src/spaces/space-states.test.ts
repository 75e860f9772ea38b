import { createRandom } from "@archgen/random";
import { ARCHITECTURE_SPACE_NAMES, architectureKey, architectureSpace } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantize, stateSize } from "../state-shape.js";
import { architectureOf, stateShape, statesOf, tensorsOfState } from "./space-states.js";

describe.each(ARCHITECTURE_SPACE_NAMES)("states of %s", (name) => {
	const space = architectureSpace(name);
	const shape = stateShape(space);

	it("hold architectures, whether their edges are fixed or their own", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const architecture = space.random(createRandom(seed));
				const state = statesOf(space, [architecture]);
				expect(state).toHaveLength(stateSize(shape));
				expect(state.every((entry) => Math.abs(entry) === 1)).toBe(true);
				const again = architectureOf(space, quantize(state));
				expect(again && architectureKey(space, again)).toBe(architectureKey(space, architecture));
			}),
			{ numRuns: 8 },
		);
	});

	it("are read above the diagonal alone", () => {
		fc.assert(
			fc.property(fc.integer(), (seed) => {
				const random = createRandom(seed);
				const noise = new Float32Array(stateSize(shape)).map(() => random.uniform());
				const { adjacency } = tensorsOfState(space.tensorShape, noise);
				adjacency.forEach((entry, i) => {
					if (i % shape.nodes <= Math.floor(i / shape.nodes)) expect(entry).toBe(0);
				});
			}),
			{ numRuns: 3 },
		);
	});
});
