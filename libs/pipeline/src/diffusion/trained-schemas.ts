import type { DenoiserDescription } from "@archgen/discrete-diffusion";
import type { PredictorDescription, ScoreDescription } from "@archgen/score-diffusion";
import { z } from "zod";
import type { DenoiserOrigin, PredictorOrigin, ScoreOrigin } from "./trained-origins.js";

// Bounds are far beyond every network of ours: a description of a few bytes must not ask for hours or for all memory.
const width = z.int().min(1).max(16_384);
// Also the width of the noise level's sinusoids: a sine and a cosine at two frequencies or more.
const sinusoidWidth = width.min(4).multipleOf(2);
const layers = z.int().min(1).max(256);
const nodes = z.int().min(1).max(256);
const classes = z.int().min(1).max(4096);
const vector = z.int().min(0).max(4096).optional();
const count = z.int().min(0);

const sde = z.looseObject({ sigmaMin: z.number().positive(), sigmaMax: z.number().positive() });
const shape = z
	.looseObject({
		nodes,
		operations: classes,
		successors: z.array(z.array(z.int().min(0))).max(256),
	})
	.refine(({ nodes: all, successors }) => successors.length === all, "must have successors of each node")
	.refine(
		({ nodes: all, successors }) => successors.every((ends) => ends.every((node) => node < all)),
		"has a successor beyond the last node",
	);

/** `score.json` */
export const scoreSchema: z.ZodType<ScoreDescription> = z.looseObject({
	shape,
	size: z
		.looseObject({
			hidden: sinusoidWidth,
			heads: width,
			feedForward: width,
			blocks: layers,
			output: width,
			time: width,
			positions: z.union([z.boolean(), z.literal("scaled")]),
			attention: z.enum(["successors", "neighbours"]).optional(),
			parameterization: z.enum(["score", "noise", "estimate"]),
		})
		.refine(
			({ hidden, heads }) => hidden % heads === 0,
			"must have a hidden width that is a multiple of heads",
		),
	sde,
	vector,
});

/** `predictor.json` */
export const predictorSchema: z.ZodType<PredictorDescription> = z.looseObject({
	shape,
	size: z.looseObject({ hidden: sinusoidWidth, layers, output: width }),
	sde,
	scale: z.looseObject({ mean: z.number(), std: z.number() }),
	rows: count,
});

/** `denoiser.json` */
export const denoiserSchema: z.ZodType<DenoiserDescription> = z.looseObject({
	shape: z.looseObject({ nodes, nodeClasses: classes }),
	size: z
		.looseObject({
			...{ hidden: width, pair: width, layers, heads: width, feedForward: width },
			...{ pairFeedForward: width, condition: width, time: z.boolean() },
		})
		.refine(
			({ hidden, heads }) => hidden % heads === 0,
			"must have a hidden width that is a multiple of heads",
		),
	schedule: z.looseObject({ steps: z.int().min(1), offset: z.number() }),
	marginals: z.looseObject({ nodes: z.array(z.number()), edges: z.array(z.number()) }),
	metrics: z
		.array(
			z.looseObject({
				name: z.string(),
				classes: z.tuple([z.string(), z.string()]),
				bound: z.union([z.strictObject({ least: z.number() }), z.strictObject({ most: z.number() })]),
			}),
		)
		.max(4096),
	vector,
});

const rows = { table: z.string(), rows: count, seed: z.int(), digests: z.array(z.string()) };
const vectors = z.looseObject({ bundle: z.string(), predictor: z.string() }).optional();
const trainingSet = { space: z.string(), architectures: count, seed: z.int() };

/** `trained-on.json` of each kind of network. */
export const scoreOriginSchema: z.ZodType<ScoreOrigin> = z.looseObject({ ...trainingSet, vectors });
export const predictorOriginSchema: z.ZodType<PredictorOrigin> = z.looseObject({
	...{ ...rows, space: z.string(), target: z.string() },
});
export const denoiserOriginSchema: z.ZodType<DenoiserOrigin> = z.looseObject({
	...trainingSet,
	labels: z.looseObject(rows).optional(),
	vectors,
});
