import type { Tableau } from "./tableau.js";

/** Euler's method: order 1, fixed steps. */
const EULER: Tableau = {
	name: "euler",
	order: 1,
	nodes: [0],
	coupling: [[]],
	weights: [1],
	firstSameAsLast: false,
};

/** Heun's method of order 2 with Euler's as the embedded one; two fresh evaluations a step. */
export const HEUN_EULER_21: Tableau = {
	name: "heun-euler 2(1)",
	order: 2,
	nodes: [0, 1],
	coupling: [[], [1]],
	weights: [1 / 2, 1 / 2],
	embedded: { order: 1, weights: [1, 0] },
	firstSameAsLast: false,
};

/** The classical method of Kutta (1901): order 4, fixed steps. */
export const RK4: Tableau = {
	name: "rk4",
	order: 4,
	nodes: [0, 1 / 2, 1 / 2, 1],
	coupling: [[], [1 / 2], [0, 1 / 2], [0, 0, 1]],
	weights: [1 / 6, 1 / 3, 1 / 3, 1 / 6],
	firstSameAsLast: false,
};

/** Bogacki and Shampine (1989), *A 3(2) pair of Runge–Kutta formulas*. */
export const BOGACKI_SHAMPINE_32: Tableau = {
	name: "bogacki-shampine 3(2)",
	order: 3,
	nodes: [0, 1 / 2, 3 / 4, 1],
	coupling: [[], [1 / 2], [0, 3 / 4], [2 / 9, 1 / 3, 4 / 9]],
	weights: [2 / 9, 1 / 3, 4 / 9, 0],
	embedded: { order: 2, weights: [7 / 24, 1 / 4, 1 / 3, 1 / 8] },
	firstSameAsLast: true,
};

/** Dormand and Prince (1980), RK5(4)7M; the table is that of Hairer, Nørsett and Wanner I, II.5, table 5.2. */
export const DORMAND_PRINCE_54: Tableau = {
	name: "dormand-prince 5(4)",
	order: 5,
	nodes: [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1],
	coupling: [
		[],
		[1 / 5],
		[3 / 40, 9 / 40],
		[44 / 45, -56 / 15, 32 / 9],
		[19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
		[9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
		[35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
	],
	weights: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
	embedded: {
		order: 4,
		weights: [5179 / 57600, 0, 7571 / 16695, 393 / 640, -92097 / 339200, 187 / 2100, 1 / 40],
	},
	firstSameAsLast: true,
};

/** Every tableau of this package. */
export const TABLEAUS: readonly Tableau[] = [
	EULER,
	HEUN_EULER_21,
	RK4,
	BOGACKI_SHAMPINE_32,
	DORMAND_PRINCE_54,
];
