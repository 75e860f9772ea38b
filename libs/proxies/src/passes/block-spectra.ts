import {
	input,
	matMul,
	mul,
	reduceMean,
	reshape,
	scalar,
	sub,
	type Tensor,
	transpose,
} from "@archgen/tensor-graph";
import { symmetricEigenvalues } from "../eigenvalues.js";
import type { Evidence } from "../evidence.js";
import { lastFeatures } from "../global-pooling.js";
import { trueSize } from "../scaled.js";
import type { DetachedSection } from "../section.js";
import { PORT } from "../section-ports.js";
import { runSection } from "./run-pass.js";
import { expressSection } from "./section-expression.js";

/**
 * Entropy in nats of the normalised eigenvalues of the features' covariance at the end of every block, in order; BN in train mode.
 * A position of an image is a sample, a channel a coordinate. Blocks are the stem, every cell or fixed block, and the head's
 * features before pooling where a convolution makes them. Features that never vary have entropy 0.
 */
export function blockEntropies(evidence: Evidence): Promise<readonly number[]> {
	return evidence.once("block-entropies", async () => {
		const { subject } = evidence;
		const { inputs } = await evidence.forward("train");
		const entropies: number[] = [];
		for (const [i, section] of subject.sections.entries()) {
			const features = featuresRead(section, evidence.batch);
			for (const [name, build] of Object.entries(features)) {
				const x = { [PORT.x]: trueSize(inputs[i]!).value };
				const outputs = await runSection(subject, section, name, () => ({ covariance: build() }), x);
				entropies.push(spectralEntropy(Float64Array.from(outputs.covariance!.data as Float32Array)));
			}
		}
		return entropies;
	});
}

/** Covariances that a section's input allows: of the block before it, and of the head's own features. */
function featuresRead(section: DetachedSection, batch: number): Readonly<Record<string, () => Tensor>> {
	const { channels, height, width } = section.values[0]!;
	const before = () => covariance(input(PORT.x, [batch, channels, height, width]));
	if (section.kind === "stem") return {};
	if (!makesFeatures(section)) return { "covariance-before": before };
	return {
		"covariance-before": before,
		"covariance-of-head": () => covariance(headFeatures(section, batch)),
	};
}

/** Whether a head has features of its own: a convolution before its pooling, or before the one that classifies. */
export function makesFeatures({ kind, layers, output }: DetachedSection): boolean {
	return kind === "head" && layers.some((layer) => layer.kind === "conv" && layer.output !== output);
}

function headFeatures(section: DetachedSection, batch: number): Tensor {
	return expressSection(section, batch).values.get(lastFeatures(section))!;
}

/**
 * Covariance of the channels of x [batch, channels, height, width] over images and positions, times the number of samples; of
 * fewer samples than channels the Gram matrix of the samples, which has the same eigenvalues but for zeros.
 */
function covariance(x: Tensor): Tensor {
	const [batch, channels, height, width] = x.shape as [number, number, number, number];
	const samples = batch * height * width;
	const rows = reshape(transpose(x, [0, 2, 3, 1]), [samples, channels]);
	const centred = sub(rows, reduceMean(rows, [0], true));
	// in units that keep the sums of squares of large batches inside float32
	const scaled = mul(centred, scalar(1 / Math.sqrt(samples)));
	return channels <= samples ? matMul(transpose(scaled), scaled) : matMul(scaled, transpose(scaled));
}

/** −Σ p ln p of the eigenvalues' shares p of a positive semi-definite matrix. */
function spectralEntropy(matrix: Float64Array): number {
	const eigenvalues = symmetricEigenvalues(matrix, Math.sqrt(matrix.length));
	// below zero there is only rounding
	const positive = eigenvalues.filter((value) => value > 0);
	const total = positive.reduce((sum, value) => sum + value, 0);
	if (!(total > 0)) return total === 0 ? 0 : Number.NaN;
	return positive.reduce((sum, value) => sum - (value / total) * Math.log(value / total), 0);
}
