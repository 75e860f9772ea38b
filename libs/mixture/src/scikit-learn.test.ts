import { readFileSync } from "node:fs";
import { createRandom } from "@archgen/random";
import { inverse } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { assign, logDensity } from "./density.js";
import { fitMixture } from "./fit.js";
import { aic, bic } from "./information-criteria.js";

/** A fit to convergence by scikit-learn's GaussianMixture, written by bench/reference. */
interface Recorded {
	readonly covarianceFloor: number;
	readonly data: number[][];
	readonly start: { weights: number[]; means: number[][]; precisions: number[][][] };
	readonly weights: number[];
	readonly means: number[][];
	readonly covariances: number[][][];
	readonly logDensity: number[];
	readonly logLikelihoodPerSample: number;
	readonly assignments: number[];
	readonly bic: number;
	readonly aic: number;
}

const path = new URL("../fixtures/sklearn.json", import.meta.url);
const recorded = JSON.parse(readFileSync(path, "utf8")) as Recorded;

const { mixture, logLikelihood } = await fitMixture(recorded.data, {
	components: 3,
	random: createRandom(0),
	start: {
		dimension: 4,
		weights: recorded.start.weights,
		means: recorded.start.means,
		covariances: recorded.start.precisions.map((precision) => inverse(precision).to2DArray()),
	},
	covarianceFloor: recorded.covarianceFloor,
	maxIterations: 5000,
	tolerance: 1e-12,
});

/** scikit-learn adds its floor to the diagonal, so results agree to about that floor. */
function expectClose(actual: readonly number[], expected: readonly number[], tolerance = 1e-5): void {
	expect(actual.length).toBe(expected.length);
	actual.forEach((value, i) => void expect(Math.abs(value - expected[i]!)).toBeLessThan(tolerance));
}

describe("from scikit-learn's start, the fit has scikit-learn's", () => {
	it("parameters", () => {
		expectClose(mixture.weights, recorded.weights);
		expectClose(mixture.means.flat(), recorded.means.flat());
		expectClose(mixture.covariances.flat(2), recorded.covariances.flat(2));
	});

	it("log-density and cluster of every sample", () => {
		expectClose(
			recorded.data.map((x) => logDensity(mixture, x)),
			recorded.logDensity,
			1e-3,
		);
		expect(recorded.data.map((x) => assign(mixture, x))).toEqual(recorded.assignments);
	});

	it("likelihood and information criteria", () => {
		expect(logLikelihood).toBeCloseTo(recorded.logLikelihoodPerSample, 4);
		expect(Math.abs(bic(mixture, recorded.data) - recorded.bic)).toBeLessThan(0.02);
		expect(Math.abs(aic(mixture, recorded.data) - recorded.aic)).toBeLessThan(0.02);
	});
});
