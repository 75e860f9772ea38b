import { createRandom, fillNormal } from "@archgen/random";
import { f32, initialize, SessionPool } from "@archgen/tensor-graph";
import { afterAll, expect, it } from "vitest";
import { identityNormalization } from "./moving-batch-norm.js";
import { type NllProblem, nllGradient } from "./nll-gradient.js";
import { nllGraphs } from "./nll-graphs.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

const SIZE = { dimension: 2, condition: 1, hidden: 3, layers: 1 };
const ROWS = 4;

async function problem(): Promise<NllProblem> {
	const random = createRandom(2);
	const { parameters, ...files } = nllGraphs(SIZE, ROWS);
	const values = initialize(parameters.specs(), random);
	return {
		size: SIZE,
		forward: await pool.load(files.forward),
		backward: await pool.load(files.backward),
		parameters: Object.fromEntries(
			parameters.specs().map(({ name, shape }) => [name, f32(values.get(name)!, shape)]),
		),
		endTime: 0.8,
		noiseNorm: { ...identityNormalization(2), std: [1.2, 0.7] },
		latents: fillNormal(random, new Float32Array(ROWS * 2)),
		conditions: fillNormal(random, new Float32Array(ROWS)),
		probe: fillNormal(random, new Float32Array(ROWS * 2)),
		tolerance: 1e-6,
	};
}

it("agrees with finite differences in every parameter and in the end time", async () => {
	const base = await problem();
	const gradient = await nllGradient(base);
	const loss = async (change: Partial<NllProblem>) => (await nllGradient({ ...base, ...change })).loss;
	const step = 0.02;
	let offset = 0;
	for (const [name, value] of Object.entries(base.parameters)) {
		const moved = (by: number) => {
			const data = Float32Array.from(value.data as Float32Array);
			data[0]! += by;
			return { parameters: { ...base.parameters, [name]: f32(data, value.shape) } };
		};
		const slope = ((await loss(moved(step))) - (await loss(moved(-step)))) / (2 * step);
		expect(gradient.parameters[offset], name).toBeCloseTo(slope, 3);
		offset += value.data.length;
	}
	expect(offset).toBe(gradient.parameters.length);
	const later = await loss({ endTime: base.endTime + step });
	const earlier = await loss({ endTime: base.endTime - step });
	expect(gradient.endTime).toBeCloseTo((later - earlier) / (2 * step), 3);
});
