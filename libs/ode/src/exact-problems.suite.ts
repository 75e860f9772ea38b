interface ExactProblem {
	readonly field: (t: number, y: Float64Array) => Float64Array;
	readonly solution: (t: number) => number[];
	readonly t0: number;
	readonly t1: number;
}

/** Initial value problems whose solution is known in closed form; t0 and t1 are not 0 and 1 on purpose. */
export const PROBLEMS: Record<string, ExactProblem> = {
	"y' = y cos t": {
		field: (t, y) => Float64Array.of(y[0]! * Math.cos(t)),
		solution: (t) => [Math.exp(Math.sin(t))],
		t0: 0.3,
		t1: 2.7,
	},
	"logistic growth": {
		field: (_, y) => Float64Array.of(y[0]! * (1 - y[0]!)),
		solution: (t) => [1 / (1 + 9 * Math.exp(-t))],
		t0: -1,
		t1: 3,
	},
	"harmonic oscillator": {
		field: (_, y) => Float64Array.of(y[1]!, -y[0]!),
		solution: (t) => [Math.cos(t), -Math.sin(t)],
		t0: 0.5,
		t1: 4,
	},
	"Kepler-like rotation with time-dependent speed": {
		field: (t, y) => Float64Array.of(-2 * t * y[1]!, 2 * t * y[0]!),
		solution: (t) => [Math.cos(t * t), Math.sin(t * t)],
		t0: 0,
		t1: 2,
	},
};

/** Largest difference of a component. */
export function largestError(y: ArrayLike<number>, exact: number[]): number {
	return Math.max(...exact.map((value, i) => Math.abs(value - y[i]!)));
}

/** The problem at its beginning, as `solve` takes it. */
export function start(problem: ExactProblem) {
	const { field, solution, t0, t1 } = problem;
	return { field, y0: Float64Array.from(solution(t0)), t0, t1 };
}
