import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { solveAdams } from "@archgen/ode";
import { createRandom, fillNormal } from "@archgen/random";
import { initialize, input, ParameterScope, SessionPool } from "@archgen/tensor-graph";
import { afterAll, describe, expect, it } from "vitest";
import { CcnfModel, PUBLISHED_TOLERANCE } from "./ccnf-model.js";
import type { CcnfSize } from "./ccnf-size.js";
import { exportCcnf, importFlow, type TrainedFlow } from "./export-ccnf.js";
import { ccnfField } from "./field.js";
import { standardNormalLogDensity } from "./log-density.js";
import { identityNormalization } from "./moving-batch-norm.js";

const pool = SessionPool.create({ threadsPerWorker: 1 });
afterAll(() => pool.close());

/** A flow of any size whose parameters are set by name; everything else is 0. */
function flowWith(size: CcnfSize, values: Record<string, number[]>, std = 1): TrainedFlow {
	const scope = new ParameterScope();
	ccnfField(
		scope,
		input("u", [1, size.dimension]),
		input("t", [1, 1]),
		input("z", [1, size.condition]),
		size,
	);
	const parameters = new Map(
		scope.specs().map(({ name, shape }) => {
			const length = shape.reduce((a, b) => a * b, 1);
			return [name, values[name] ? Float32Array.from(values[name]) : new Float32Array(length)] as const;
		}),
	);
	const latentNorm = {
		mean: new Array<number>(size.dimension).fill(0),
		std: new Array<number>(size.dimension).fill(std),
	};
	const noiseNorm = identityNormalization(size.dimension);
	return { parameters, description: { objective: "flow-matching", size, endTime: 1, latentNorm, noiseNorm } };
}

/** A flow of any size with initial parameters. */
function randomFlow(size: CcnfSize, seed: number): TrainedFlow {
	const scope = new ParameterScope();
	const [u, z] = [input("u", [1, size.dimension]), input("z", [1, size.condition])];
	ccnfField(scope, u, input("t", [1, 1]), z, size);
	return { ...flowWith(size, {}), parameters: initialize(scope.specs(), createRandom(seed)) };
}

/** No hidden layer: g = (W u + b) σ(0) + W_b c, which is linear in u. */
const LINEAR: CcnfSize = { dimension: 2, condition: 1, hidden: 1, layers: 0 };
const EXACT = { trace: { kind: "exact" } as const, tolerance: 1e-7 };

it("of the published form is a stack of tanh layers of ConcatSquashLinear", async () => {
	const size = { dimension: 1, condition: 1, hidden: 1, layers: 1, form: "plain" } as const;
	const values = {
		...{ "layers.0.weight": [0.7], "layers.0.bias": [0.1], "layers.0.gate.weight": [0.3, -0.2] },
		...{ "layers.0.gate.bias": [0.4], "layers.0.shift.weight": [0.5, 0.6] },
		...{ "output.weight": [1.1], "output.bias": [-0.2], "output.gate.weight": [0.2, 0.1] },
		...{ "output.gate.bias": [0.3], "output.shift.weight": [0.25, -0.35] },
	};
	const sigma = (x: number) => 1 / (1 + Math.exp(-x));
	const field = (u: number, t: number, z: number) => {
		const h = Math.tanh((0.7 * u + 0.1) * sigma(0.3 * t - 0.2 * z + 0.4) + 0.5 * t + 0.6 * z);
		return (1.1 * h - 0.2) * sigma(0.2 * t + 0.1 * z + 0.3) + 0.25 * t - 0.35 * z;
	};
	const model = await CcnfModel.fromFlow(pool, flowWith(size, values));
	const [z, density] = [0.8, { latents: Float32Array.of(0.9), conditions: Float32Array.of(0.8) }];
	// du/dt = g from noise at 0 to the latent at 1, followed back in small steps of the midpoint rule, and the divergence with it
	let [u, divergence] = [0.9, 0];
	const steps = 4000;
	for (let step = steps; step > 0; step--) {
		const t = (step - 0.5) / steps;
		const middle = u - field(u, step / steps, z) / (2 * steps);
		divergence += (field(middle + 1e-4, t, z) - field(middle - 1e-4, t, z)) / 2e-4 / steps;
		u -= field(middle, t, z) / steps;
	}
	const [found] = await model.logDensity(density, EXACT);
	expect(found).toBeCloseTo(standardNormalLogDensity(Float32Array.of(u)) - divergence, 4);
});

describe("logDensity", () => {
	const latents = fillNormal(createRandom(3), new Float32Array(8));
	const conditions = new Float32Array(4).fill(0.5);
	const rows = [0, 1, 2, 3].map((row) => latents.subarray(2 * row, 2 * row + 2));

	it("of a field that is zero is the standard normal", async () => {
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, {}));
		const density = await model.logDensity({ latents, conditions }, EXACT);
		rows.forEach((row, i) => {
			expect(density[i]).toBeCloseTo(standardNormalLogDensity(row), 5);
		});
	});

	it("counts the normalisation of the latents", async () => {
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, {}, 2));
		const density = await model.logDensity({ latents, conditions }, EXACT);
		rows.forEach((row, i) => {
			const known = standardNormalLogDensity(row.map((x) => x / 2)) - 2 * Math.log(2);
			expect(density[i]).toBeCloseTo(known, 5);
		});
	});

	it("of a linear field is the Gaussian it carries the noise to", async () => {
		// σ(0) = ½, so du/dt = diag(0.8, −0.4) u: standard deviations e^0.8 and e^−0.4 at t = 1.
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, { "output.weight": [1.6, 0, 0, -0.8] }));
		const density = await model.logDensity({ latents, conditions }, EXACT);
		rows.forEach(([x, y], i) => {
			const noise = Float32Array.from([x! / Math.exp(0.8), y! / Math.exp(-0.4)]);
			expect(density[i]).toBeCloseTo(standardNormalLogDensity(noise) - 0.4, 4);
		});
	});

	it("is estimated without bias by random probes", async () => {
		const weights = { "output.weight": [0.5, 1, -0.7, 0.3] };
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, weights));
		const many = fillNormal(createRandom(8), new Float32Array(2 * 200));
		const data = { latents: many, conditions: new Float32Array(200) };
		const exact = await model.logDensity(data, EXACT);
		const trace = { kind: "hutchinson", probes: 8, random: createRandom(1) } as const;
		const estimate = await model.logDensity(data, { trace, tolerance: 1e-3 });
		const difference = exact.reduce((sum, value, i) => sum + value - estimate[i]!, 0) / exact.length;
		expect(Math.abs(difference)).toBeLessThan(0.1);
		expect(estimate[0]).not.toBeCloseTo(exact[0]!, 6);
	});
});

describe("sample", () => {
	const request = { temperature: 1, conditions: [[0], [0], [0]] };

	it("carries the noise along the field: e^(½·w) times as far for du/dt = ½ w u", async () => {
		const still = await CcnfModel.fromFlow(pool, flowWith(LINEAR, {}));
		const growing = await CcnfModel.fromFlow(pool, flowWith(LINEAR, { "output.weight": [1, 0, 0, 1] }));
		const noise = await still.sample({ ...request, random: createRandom(1) });
		const exact = await growing.sample({
			...request,
			random: createRandom(1),
			tolerance: PUBLISHED_TOLERANCE,
		});
		exact.latents.forEach((value, i) => {
			expect(value).toBeCloseTo(noise.latents[i]! * Math.exp(0.5), 4);
		});
		// In equal steps as far as the method itself goes, whose error libs/ode knows.
		const inSteps = await growing.sample({ ...request, random: createRandom(1) });
		const { y: growth } = await solveAdams({
			field: (_, y) => y.map((value) => value / 2),
			y0: Float64Array.of(1),
			t0: 0,
			t1: 1,
			steps: inSteps.evaluations,
		});
		expect(growth[0]! / Math.exp(0.5)).toBeCloseTo(1, 4);
		inSteps.latents.forEach((value, i) => {
			expect(value).toBeCloseTo(noise.latents[i]! * growth[0]!, 5);
		});
	});

	it("scales the noise by the temperature and depends on the seed alone", async () => {
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, {}));
		const warm = await model.sample({ ...request, random: createRandom(1) });
		const cool = await model.sample({ ...request, temperature: 0.25, random: createRandom(1) });
		const other = await model.sample({ ...request, random: createRandom(2) });
		cool.latents.forEach((value, i) => {
			expect(value).toBeCloseTo(0.25 * warm.latents[i]!, 6);
		});
		expect(await model.sample({ ...request, random: createRandom(1) })).toEqual(warm);
		expect(other.latents).not.toEqual(warm.latents);
	});

	it("gives the same latents with any number of workers", async () => {
		const flow = flowWith(LINEAR, { "output.weight": [1, 0.3, -0.2, 1] });
		const many = { temperature: 1, conditions: Array.from({ length: 300 }, (_, i) => [i % 3]) };
		const two = SessionPool.create({ workers: 2, threadsPerWorker: 1 });
		try {
			const [alone, shared] = await Promise.all(
				[pool, two].map(async (workers) =>
					(await CcnfModel.fromFlow(workers, flow)).sample({ ...many, random: createRandom(1) }),
				),
			);
			expect(shared).toEqual(alone);
			expect(alone!.latents).toHaveLength(600);
		} finally {
			await two.close();
		}
	});

	it("gives a latent the same numbers, to the last bit, whatever is drawn with it", async () => {
		const size = { dimension: 48, condition: 4, hidden: 256, layers: 3 };
		const flow = randomFlow(size, 4);
		const model = await CcnfModel.fromFlow(pool, flow);
		const conditions = Array.from({ length: 150 }, (_, i) => [i % 5, 1, -0.5, 0]);
		const draw = async (rows: number, seed: number, tolerance?: number) => {
			const drawn = { conditions: conditions.slice(0, rows), temperature: 1, random: createRandom(seed) };
			return (await model.sample({ ...drawn, tolerance })).latents;
		};
		const alone = await draw(1, 1);
		for (const rows of [2, 5, 7, 33, 150]) expect((await draw(rows, 1)).subarray(0, 48)).toEqual(alone);
		const inTurns: Float32Array[] = [];
		for (const seed of [1, 2, 3, 4, 5]) inTurns.push(await draw(seed, seed));
		expect(await Promise.all([1, 2, 3, 4, 5].map((seed) => draw(seed, seed)))).toEqual(inTurns);
		// one step size for all rows: what the published solver gives depends on the others
		const published = await draw(33, 1, PUBLISHED_TOLERANCE);
		expect(published.subarray(0, 48)).not.toEqual(await draw(1, 1, PUBLISHED_TOLERANCE));
	});

	it("gives rows that share a condition what each would get with its own", async () => {
		const size = { dimension: 3, condition: 2, hidden: 4, layers: 2 };
		const flow = randomFlow(size, 4);
		const model = await CcnfModel.fromFlow(pool, flow);
		const [a, b] = [
			[1, 0],
			[0, 1],
		];
		// the same number in float32, but not equal
		const almostA = [1 + 1e-12, 0];
		const from = async (conditions: number[][]) => {
			const request = { conditions, temperature: 1, random: createRandom(1) };
			return Array.from((await model.sample(request)).latents);
		};
		const [shared, own, other] = await Promise.all([from([a, b, a]), from([a, b, almostA]), from([a, b, b])]);
		shared.forEach((value, i) => void expect(value).toBeCloseTo(own[i]!, 5));
		expect(shared.slice(6)).not.toEqual(other.slice(6));
	});

	it("names the failure of the solver and ends when it is cancelled", async () => {
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, { "output.weight": [1e38, 0, 0, 1e38] }));
		await expect(model.sample({ ...request, random: createRandom(1) })).rejects.toMatchObject({
			category: "FAILED_PRECONDITION",
			reason: "NON_FINITE_FIELD",
		});
		const published = { ...request, random: createRandom(1), tolerance: PUBLISHED_TOLERANCE };
		// Near time 0 ever shorter steps are possible: the field is followed until their number is used up.
		await expect(model.sample(published)).rejects.toMatchObject({
			category: "FAILED_PRECONDITION",
			reason: "TOO_MANY_STEPS",
		});
		const signal = AbortSignal.abort();
		const cancelled = model.sample({ ...request, random: createRandom(1), signal });
		await expect(cancelled).rejects.toMatchObject({ reason: "CANCELLED" });
	});

	it("refuses conditions that are not finite and negative temperatures", async () => {
		const model = await CcnfModel.fromFlow(pool, flowWith(LINEAR, {}));
		const random = createRandom(1);
		await expect(model.sample({ ...request, random, conditions: [[Number.NaN]] })).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
		});
		await expect(model.sample({ ...request, random, temperature: -1 })).rejects.toMatchObject({
			category: "INVALID_ARGUMENT",
		});
	});
});

it("computes the same after a round trip through a folder, in batches of any size", async () => {
	const size = { dimension: 5, condition: 4, hidden: 8, layers: 2 };
	const flow = randomFlow(size, 4);
	const folder = await mkdtemp(join(tmpdir(), "ccnf-"));
	try {
		for (const [name, bytes] of exportCcnf(flow)) await writeFile(join(folder, name), bytes);
		const loaded = await CcnfModel.load(pool, folder);
		const fresh = await CcnfModel.fromFlow(pool, flow);
		const conditions = [
			[1, 0, 0, 0],
			[0, 1, 0, 0],
		];
		const request = { conditions, temperature: 1 };
		const a = await loaded.sample({ ...request, random: createRandom(1) });
		expect(a).toEqual(await fresh.sample({ ...request, random: createRandom(1) }));
		const one = await loaded.velocity(a.latents.slice(5), 0.3, Float32Array.from(conditions[1]!));
		const both = await loaded.velocity(a.latents, 0.3, Float32Array.from(conditions.flat()));
		one.forEach((value, i) => {
			expect(value).toBeCloseTo(both[5 + i]!, 5);
		});
		const data = { latents: a.latents, conditions: Float32Array.from(conditions.flat()) };
		expect(await loaded.logDensity(data, EXACT)).toEqual(await fresh.logDensity(data, EXACT));
	} finally {
		await rm(folder, { recursive: true });
	}
});

it("keeps every parameter exactly in the field's file", () => {
	const size = { dimension: 3, condition: 2, hidden: 4, layers: 2 };
	const flow = randomFlow(size, 5);
	const files = exportCcnf(flow);
	expect([...files.keys()]).toEqual(["field.onnx", "ccnf.json"]);
	expect(importFlow(files.get("field.onnx")!, flow.description)).toEqual(flow);
});

it("refuses the density of a flow with another field by name", () => {
	const flow = flowWith(LINEAR, {});
	const field = exportCcnf(flow).get("field.onnx")!;
	const deeper = { ...flow.description, size: { ...LINEAR, layers: 1 } };
	expect(() => importFlow(field, deeper)).toThrow(expect.objectContaining({ reason: "OTHER_FIELD" }));
});

it("names the file that a bundle lacks", async () => {
	await expect(CcnfModel.load(pool, "/nonexistent")).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
		reason: "CCNF_FILES_MISSING",
	});
});
