/** A rank correlation and its 95 % interval. */
export interface Correlation {
	readonly value: number;
	readonly low: number;
	readonly high: number;
}

/** Agreement of a proxy or an objective with the trained accuracies of one benchmark. */
export interface Ranking {
	readonly benchmark: string;
	/** What the accuracy is of, and how many networks were compared. */
	readonly target: string;
	/** Spearman's rank correlation. */
	readonly spearman?: Correlation;
	/** The same with the ranks of MACs and parameters held fixed. */
	readonly partial?: Correlation;
	/** Selection of one network: share of the way from random choice (0) to the best (1), and its mean accuracy in per cent. */
	readonly selection?: { readonly share: number; readonly accuracy: number };
}

/** Benchmarks in the order of the rows below. */
export const RANKING_BENCHMARKS = [
	{ benchmark: "NAS-Bench-201", target: "CIFAR-10 validation after 200 epochs, 120 networks" },
	{ benchmark: "NAS-Bench-Macro", target: "CIFAR-10, mean of three trainings, 92 networks" },
	{ benchmark: "MnasNet", target: "ImageNet top-1 of Accel-NASBench, 72 networks" },
] as const;

type Triple = readonly [value: number, low: number, high: number];
type Row<T> = readonly [T, T, T];

interface Measured {
	readonly spearman?: Row<Triple>;
	readonly partial?: Row<Triple>;
	readonly selection?: Row<readonly [share: number, accuracy: number]>;
}

/** Figures of docs/ranking.md, which a test holds equal: 16 images, seed 0 of the weights. */
const MEASURED: Readonly<Record<string, Measured>> = {
	tcet: {
		spearman: [
			[0.73, 0.63, 0.81],
			[0.73, 0.61, 0.82],
			[0.78, 0.66, 0.86],
		],
		partial: [
			[0.55, 0.37, 0.69],
			[0.21, -0.02, 0.41],
			[0.42, 0.21, 0.59],
		],
		selection: [
			[0.72, 86.81],
			[0.61, 90.69],
			[0.87, 61.69],
		],
	},
	tcet_train: {
		spearman: [
			[0.79, 0.7, 0.85],
			[0.76, 0.65, 0.84],
			[0.77, 0.63, 0.85],
		],
		partial: [
			[0.63, 0.48, 0.75],
			[0.35, 0.13, 0.54],
			[0.37, 0.16, 0.55],
		],
		selection: [
			[0.78, 87.46],
			[0.88, 91.53],
			[0.87, 61.67],
		],
	},
	tcet_structure: {
		spearman: [
			[0.76, 0.67, 0.83],
			[0.79, 0.69, 0.86],
			[0.89, 0.81, 0.94],
		],
		partial: [
			[0.7, 0.6, 0.78],
			[0.44, 0.21, 0.63],
			[0.42, 0.16, 0.62],
		],
		selection: [
			[0.97, 89.34],
			[0.88, 91.53],
			[0.91, 61.87],
		],
	},
	expected_accuracy: {
		spearman: [
			[0.68, 0.55, 0.77],
			[0.67, 0.55, 0.77],
			[0.82, 0.7, 0.89],
		],
		partial: [
			[0.6, 0.45, 0.72],
			[0.15, -0.05, 0.33],
			[0.11, -0.15, 0.35],
		],
		selection: [
			[0.95, 89.11],
			[0.47, 90.27],
			[0.58, 60.19],
		],
	},
	"tcet-train+az3": {
		spearman: [
			[0.88, 0.84, 0.91],
			[0.72, 0.59, 0.82],
			[0.44, 0.22, 0.61],
		],
		partial: [
			[0.82, 0.75, 0.88],
			[0.23, 0.01, 0.43],
			[0.25, 0.04, 0.44],
		],
		selection: [
			[0.96, 89.28],
			[0.93, 91.67],
			[0.46, 59.53],
		],
	},
	az3: {
		spearman: [
			[0.82, 0.77, 0.87],
			[0.68, 0.52, 0.8],
			[0.18, -0.05, 0.38],
		],
		partial: [
			[0.79, 0.7, 0.85],
			[0.17, -0.04, 0.37],
			[0.16, -0.06, 0.37],
		],
		selection: [
			[0.97, 89.33],
			[0.93, 91.68],
			[0.26, 58.47],
		],
	},
	"az-nas": {
		spearman: [
			[0.87, 0.82, 0.9],
			[0.74, 0.61, 0.83],
			[0.46, 0.25, 0.63],
		],
		partial: [
			[0.78, 0.69, 0.84],
			[0.18, -0.04, 0.38],
			[0.17, -0.05, 0.39],
		],
		selection: [
			[0.89, 88.57],
			[0.92, 91.65],
			[0.27, 58.55],
		],
	},
	synflow: {
		spearman: [
			[0.69, 0.59, 0.78],
			[0.72, 0.61, 0.81],
			[0.81, 0.71, 0.88],
		],
		partial: [
			[0.48, 0.3, 0.63],
			[0.25, 0.03, 0.45],
			[0.45, 0.24, 0.61],
		],
		selection: [
			[0.66, 86.26],
			[0.73, 91.04],
			[0.9, 61.86],
		],
	},
	snip: {
		spearman: [
			[0.61, 0.46, 0.73],
			[0.69, 0.55, 0.8],
			[0.85, 0.76, 0.91],
		],
		partial: [
			[0.38, 0.16, 0.56],
			[0.38, 0.12, 0.59],
			[0.55, 0.34, 0.7],
		],
		selection: [
			[0.73, 86.95],
			[0.45, 90.21],
			[0.94, 62.05],
		],
	},
	swap: {
		spearman: [
			[0.87, 0.8, 0.91],
			[0.96, 0.93, 0.98],
			[0.16, -0.07, 0.37],
		],
		partial: [
			[0.78, 0.67, 0.85],
			[0.86, 0.77, 0.92],
			[-0.15, -0.34, 0.05],
		],
		selection: [
			[0.8, 87.69],
			[0.94, 91.71],
			[-0.4, 55.01],
		],
	},
	swap_regularised: {
		spearman: [
			[0.88, 0.82, 0.92],
			[0.48, 0.29, 0.63],
			[0.84, 0.74, 0.9],
		],
		partial: [
			[0.78, 0.68, 0.86],
			[0.37, 0.2, 0.52],
			[0.09, -0.16, 0.34],
		],
		selection: [
			[0.81, 87.77],
			[-0.07, 88.62],
			[0.76, 61.13],
		],
	},
	meco: {
		spearman: [
			[0.83, 0.77, 0.88],
			[0.64, 0.46, 0.76],
			[-0.09, -0.32, 0.16],
		],
		partial: [
			[0.71, 0.59, 0.79],
			[0.2, -0.02, 0.41],
			[-0.42, -0.58, -0.23],
		],
		selection: [
			[0.86, 88.28],
			[0.83, 91.35],
			[-0.65, 53.7],
		],
	},
	naswot: {
		spearman: [
			[0.69, 0.57, 0.78],
			[0.85, 0.77, 0.91],
			[0.14, -0.1, 0.36],
		],
		partial: [
			[0.48, 0.3, 0.63],
			[0.37, 0.18, 0.53],
			[-0.2, -0.4, 0.02],
		],
		selection: [
			[0.6, 85.64],
			[0.86, 91.45],
			[-0.4, 55],
		],
	},
	az_expressivity: {
		spearman: [
			[0.83, 0.77, 0.88],
			[0.64, 0.5, 0.74],
			[0.33, 0.08, 0.54],
		],
		partial: [
			[0.74, 0.63, 0.82],
			[0.09, -0.11, 0.28],
			[-0.04, -0.25, 0.17],
		],
		selection: [
			[0.89, 88.57],
			[0.72, 91.03],
			[-0.38, 55.1],
		],
	},
	az_progressivity: {
		spearman: [
			[0.57, 0.44, 0.67],
			[0.05, -0.15, 0.25],
			[0.05, -0.18, 0.28],
		],
		partial: [
			[0.5, 0.32, 0.63],
			[0.14, -0.08, 0.34],
			[-0.08, -0.32, 0.16],
		],
		selection: [
			[0.76, 87.28],
			[0.34, 89.87],
			[0.04, 57.33],
		],
	},
	az_trainability: {
		spearman: [
			[0.41, 0.25, 0.55],
			[0.86, 0.8, 0.9],
			[-0.15, -0.35, 0.06],
		],
		partial: [
			[0.45, 0.27, 0.6],
			[0.44, 0.28, 0.58],
			[0.3, 0.09, 0.49],
		],
		selection: [
			[0.58, 85.46],
			[0.86, 91.44],
			[0.05, 57.36],
		],
	},
	flopCount: {
		spearman: [
			[0.6, 0.45, 0.71],
			[0.79, 0.68, 0.86],
			[0.59, 0.4, 0.72],
		],
		partial: [
			[-0.32, -0.49, -0.12],
			[0.27, 0.04, 0.48],
			[-0.24, -0.47, 0.03],
		],
		selection: [
			[0.61, 85.75],
			[0.69, 90.94],
			[-0.22, 55.94],
		],
	},
	depth: {
		spearman: [
			[0.67, 0.56, 0.75],
			[0.75, 0.64, 0.83],
			[0.58, 0.37, 0.73],
		],
		partial: [
			[0.52, 0.36, 0.66],
			[0.39, 0.18, 0.56],
			[0.15, -0.05, 0.35],
		],
		selection: [
			[0.77, 87.37],
			[0.89, 91.54],
			[0.07, 57.47],
		],
	},
	activations: {
		spearman: [
			[0.71, 0.59, 0.79],
			[0.92, 0.87, 0.95],
			[0.12, -0.12, 0.35],
		],
		partial: [
			[0.45, 0.26, 0.6],
			[0.68, 0.54, 0.78],
			[-0.29, -0.48, -0.07],
		],
		selection: [
			[0.68, 86.44],
			[0.89, 91.55],
			[-0.41, 54.96],
		],
	},
	l2_norm: {
		spearman: [
			[0.69, 0.57, 0.78],
			[0.64, 0.49, 0.75],
			[0.89, 0.82, 0.93],
		],
		partial: [
			[0.38, 0.2, 0.54],
			[0.22, -0.02, 0.43],
			[0.44, 0.18, 0.65],
		],
		selection: [
			[0.57, 85.32],
			[0.6, 90.66],
			[0.89, 61.78],
		],
	},
	parameters: {
		spearman: [
			[0.63, 0.49, 0.74],
			[0.3, 0.09, 0.48],
			[0.85, 0.75, 0.91],
		],
		selection: [
			[0, 79.69],
			[-0.53, 87.23],
			[0.75, 61.05],
		],
	},
	macCount: {
		spearman: [
			[0.63, 0.49, 0.74],
			[0.78, 0.67, 0.86],
			[0.61, 0.44, 0.74],
		],
		selection: [
			[0, 79.69],
			[0.62, 90.73],
			[0.56, 60.06],
		],
	},
};

/** Names of the proxies and objectives that were measured. */
export const RANKED_NAMES: readonly string[] = Object.keys(MEASURED);

/** What was measured of a proxy or an objective, one ranking a benchmark; empty where nothing was. */
export function rankingsOf(name: string): readonly Ranking[] {
	const measured = MEASURED[name];
	if (measured === undefined) return [];
	const { spearman, partial, selection } = measured;
	return RANKING_BENCHMARKS.map((benchmark, i) => ({
		...benchmark,
		...(spearman && { spearman: correlation(spearman[i]!) }),
		...(partial && { partial: correlation(partial[i]!) }),
		...(selection && { selection: { share: selection[i]![0], accuracy: selection[i]![1] } }),
	}));
}

function correlation([value, low, high]: Triple): Correlation {
	return { value, low, high };
}
