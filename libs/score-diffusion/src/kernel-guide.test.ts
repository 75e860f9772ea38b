import { createRandom, fillNormal } from "@archgen/random";
import { createInlineRuntime, f32, input, type ParameterScope } from "@archgen/tensor-graph";
import { expect, it } from "vitest";
import { statesOf, TOY, TOY_ARCHITECTURES } from "../test/toy.js";
import { type KernelExpansion, kernelGuide } from "./kernel-guide.js";
import { stateSize } from "./state-shape.js";
import { bakeNetwork } from "./stored-network.js";

const WIDTH = stateSize(TOY);
const STATES = statesOf(TOY_ARCHITECTURES);
const runtime = createInlineRuntime();

const different = (a: readonly number[], b: readonly number[]) => a.filter((o, n) => o !== b[n]).length;

async function guideAt(expansion: KernelExpansion, x: Float32Array, sigma: number): Promise<number[]> {
	const guide = kernelGuide(TOY, expansion, STATES);
	const graph = (scope: ParameterScope) => {
		const [state, level] = [input("x", ["batch", TOY.nodes, TOY.operations]), input("sigma", ["batch", 1])];
		return { inputs: [state, level], outputs: { f: guide.graph(scope, state, level) } };
	};
	const model = await runtime.load(bakeNetwork("guide", graph, guide.parameters));
	const rows = x.length / WIDTH;
	const feeds = {
		x: f32(x, [rows, TOY.nodes, TOY.operations]),
		sigma: f32(new Float32Array(rows).fill(sigma), [rows, 1]),
	};
	return [...((await model.run(feeds)).f!.data as Float32Array)];
}

it("is the mean of the expansion over all architectures that noise may have hidden", async () => {
	const centres = [4, 11, 26];
	const weights = [1.5, -0.7, 0.4];
	const decay = 0.6;
	const expansion = { centres: statesOf(centres.map((c) => TOY_ARCHITECTURES[c]!)), weights, decay };
	const value = TOY_ARCHITECTURES.map((a) =>
		weights.reduce(
			(sum, w, i) => sum + w * Math.exp(-decay * different(a, TOY_ARCHITECTURES[centres[i]!]!)),
			0,
		),
	);
	for (const sigma of [0.3, 1, 3]) {
		const noise = fillNormal(createRandom(sigma * 10), new Float32Array(STATES.length));
		const x = STATES.map((entry, i) => entry + sigma * noise[i]!);
		const found = await guideAt(expansion, x, sigma);
		for (let row = 0; row < TOY_ARCHITECTURES.length; row++) {
			const logs = TOY_ARCHITECTURES.map((_, a) => {
				let squares = 0;
				for (let k = 0; k < WIDTH; k++) squares += (x[row * WIDTH + k]! - STATES[a * WIDTH + k]!) ** 2;
				return -squares / (2 * sigma ** 2);
			});
			const parts = logs.map((log) => Math.exp(log - Math.max(...logs)));
			const total = parts.reduce((a, b) => a + b, 0);
			const exact = parts.reduce((sum, part, a) => sum + (part / total) * value[a]!, 0);
			expect(100 * found[row]!).toBeCloseTo(exact, 4);
		}
	}
});
