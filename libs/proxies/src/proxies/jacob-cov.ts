import type { NetworkGraph } from "@archgen/search-space";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { lastFeatures } from "../global-pooling.js";
import { sweepBack } from "../passes/sweep.js";
import { failure, finite, type ProxySpec } from "../proxy.js";
import { PORT } from "../section-ports.js";

/** k of the formula: keeps eigenvalues of 0 finite. */
const EPSILON = 1e-5;

export const jacobCov: ProxySpec = {
	description: "How differently the network reacts to small changes of different images.",
	formula:
		"−Σ_i (ln(λ_i + k) + 1 / (λ_i + k)), λ the eigenvalues of the correlation matrix of the rows ∂(Σ logits)/∂x of the images, k = 1e-5",
	source: "Mellor et al. 2020 (first version); as a proxy Abdelfattah et al. 2021",
	direction: "higher",
	unit: "1",
	needsData: true,
	needsGradient: true,
	cost: "backward",
	batchNorm: "train",
	passes: [],
	async compute(evidence) {
		if (endsWithBatchNorm(evidence.graph))
			return failure(
				"CONSTANT_LOGITS",
				"Batch norm right before the global pooling keeps the sum of the logits constant; score the cell in its scoring network instead.",
			);
		const { inputs } = await evidence.forward("train");
		let jacobian = new Float32Array();
		const sweep = { name: "images-gradient", of: "logits", toImages: true } as const;
		await sweepBack(evidence.subject, inputs, sweep, (section, outputs) => {
			if (section.kind === "stem") jacobian = outputs[PORT.dx]!.data as Float32Array<ArrayBuffer>;
		});
		const correlations = rowCorrelations(jacobian, evidence.batch);
		if (correlations === null)
			return failure("CONSTANT_JACOBIAN", "The logits do not depend on the pixels of some image.");
		const eigenvalues = new EigenvalueDecomposition(correlations, { assumeSymmetric: true }).realEigenvalues;
		return finite(
			-eigenvalues.reduce((sum, lambda) => sum + Math.log(lambda + EPSILON) + 1 / (lambda + EPSILON), 0),
		);
	},
};

/** Whether nothing stands between a batch norm and the global pooling: its outputs then add up to zero, whatever the images. */
function endsWithBatchNorm(graph: NetworkGraph): boolean {
	const pooled = lastFeatures(graph);
	return graph.layers.some(({ kind, output }) => kind === "batch_norm" && output === pooled);
}

/** Pearson correlations of the rows of a matrix, null when a row is constant. */
function rowCorrelations(values: Float32Array, rows: number): Matrix | null {
	const length = values.length / rows;
	const unit = Array.from({ length: rows }, (_, i) =>
		normalized(Float64Array.from(values.subarray(i * length, (i + 1) * length))),
	);
	if (unit.some((row) => row === null)) return null;
	const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, k) => sum + x * b[k]!, 0);
	return new Matrix(unit.map((a) => unit.map((b) => dot(a!, b!))));
}

/** A row minus its mean, of length 1. */
function normalized(row: Float64Array): Float64Array | null {
	const mean = row.reduce((sum, x) => sum + x, 0) / row.length;
	const centred = row.map((x) => x - mean);
	const norm = Math.sqrt(centred.reduce((sum, x) => sum + x * x, 0));
	return norm > 0 ? centred.map((x) => x / norm) : null;
}
