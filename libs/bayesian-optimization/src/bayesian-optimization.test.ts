import { createRandom } from "@archgen/random";
import {
	ARCHITECTURE_SPACES,
	type ArchitectureSpace,
	architectureKey,
	SEARCH_SPACES,
} from "@archgen/search-space";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { ACQUISITION_NAMES } from "./acquisition.js";
import { architectureDistance } from "./architecture-distance.js";
import { BAYESIAN_OPTIONS, type BayesianOptions, optimizeArchitectures } from "./bayesian-optimization.js";
import { type Evaluation, mixedCandidates, mutationCandidates, randomCandidates } from "./candidates.js";
import { normalScores } from "./normal-scores.js";

const SPACE = SEARCH_SPACES.nasbench201;
type Architecture = ReturnType<typeof SPACE.random>;

/** Peaks at one architecture: the more 3×3 convolutions, and one skip. */
const evaluate = (operations: Architecture) =>
	operations.filter((o) => o === "nor_conv_3x3").length + (operations[3] === "skip_connect" ? 3 : 0);
const OPTIMUM = 5 + 3;

const run = (options: Partial<BayesianOptions>, begun: readonly Evaluation<Architecture>[] = []) =>
	optimizeArchitectures(
		{ ...BAYESIAN_OPTIONS, evaluations: 40, candidates: 40, ...options },
		{
			space: SPACE,
			evaluate,
			source: mixedCandidates(mutationCandidates(SPACE), randomCandidates(SPACE)),
		},
		{},
		begun,
	);

describe("Bayesian optimisation", () => {
	it.each(ACQUISITION_NAMES)("by %s finds what random search does not", async (acquisition) => {
		const found = await run({ acquisition });
		expect(Math.max(...found.map(({ value }) => value))).toBe(OPTIMUM);
		const random = createRandom(0);
		const drawn = Array.from({ length: 40 }, () => evaluate(SPACE.random(random)));
		expect(Math.max(...drawn)).toBeLessThan(OPTIMUM);
	});

	it("evaluates nothing twice", async () => {
		const keys = (await run({})).map(({ architecture }) => architectureKey(SPACE, architecture));
		expect(new Set(keys).size).toBe(40);
	});

	it("is the same after an interruption at any place", async () => {
		const whole = await run({ acquisition: "its" });
		for (const place of [0, 3, 10, 25])
			expect(await run({ acquisition: "its" }, whole.slice(0, place))).toEqual(whole);
	});

	it("stops when the signal fires, and ends where a space has no more", async () => {
		const controller = new AbortController();
		const stopped = optimizeArchitectures(
			BAYESIAN_OPTIONS,
			{ space: SPACE, evaluate },
			{ signal: controller.signal, onEvaluation: () => controller.abort() },
		);
		await expect(stopped).rejects.toMatchObject({ category: "CANCELLED" });
		const tiny = { ...SPACE, random: () => SPACE.random(createRandom(1)) };
		const all = await optimizeArchitectures(BAYESIAN_OPTIONS, { space: tiny, evaluate });
		expect(all).toHaveLength(1);
	});

	it.each([
		{ initial: 0 },
		{ evaluations: 1.5 },
		{ candidates: -1 },
		{ beta: Number.NaN },
	])("refuses %o", async (wrong) => {
		await expect(run(wrong)).rejects.toMatchObject({ category: "INVALID_ARGUMENT" });
	});
});

describe.each(
	Object.values(ARCHITECTURE_SPACES) as ArchitectureSpace<unknown>[],
)("the distance of $name", (space) => {
	it("is symmetric, 0 for the same architecture, and gives a positive semi-definite kernel", () => {
		const random = createRandom(7);
		const drawn = Array.from({ length: 24 }, () => space.random(random));
		const distance = architectureDistance(space);
		const apart = drawn.map((a) => drawn.map((b) => distance(a, b)));
		drawn.forEach((_, i) => {
			expect(apart[i]![i]).toBeCloseTo(0, 10);
			for (const [j, row] of apart.entries()) expect(row[i]).toBe(apart[i]![j]);
		});
		const kernel = new Matrix(apart.map((row) => row.map((d) => Math.exp(-0.2 * d))));
		const { realEigenvalues } = new EigenvalueDecomposition(kernel, { assumeSymmetric: true });
		expect(Math.min(...realEigenvalues)).toBeGreaterThan(-1e-9);
	});
});

it("scores values by their ranks, ties alike", () => {
	const scores = normalScores([10, 93, 92, 93]);
	expect(scores[1]).toBe(scores[3]);
	expect(scores[0]).toBeLessThan(scores[2]!);
	expect(scores[2]).toBeLessThan(scores[1]!);
	expect(normalScores([5])).toEqual([expect.closeTo(0, 12)]);
	expect(normalScores([1, 2])[0]).toBeCloseTo(-0.6744897501960817, 10);
});
