import type { ConvLayer, LayerGraph } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import { Matrix, solve } from "ml-matrix";
import { isWeighted } from "../layer-expressions.js";

/**
 * A prediction of a score from nothing but the shapes of a network's layers. It orders networks for one target under the same bounds; between
 * targets it says nothing, since the level of each was taken out when it was fitted.
 */
export interface ShapeModel {
	/** One weight for each of {@link shapeSums} or {@link shapeMeans}. */
	readonly weights: readonly number[];
}

/** Networks for one target, with their scores. */
export interface ShapeGroup {
	/** {@link shapeSums} or {@link shapeMeans} of each network. */
	readonly sums: readonly (readonly number[])[];
	/** The score of each, above 0. */
	readonly scores: readonly number[];
}

const KINDS = ["dense", "grouped", "pointwise"] as const;
const SUMS = 7;

/**
 * Of the dense, the grouped and the 1×1 convolutions: their number and the sums of ln area, ln weights, ln channels, ln area · ln weights,
 * ln² area, ln² weights; of linear layers the sums of ln weights and ln outputs. Area is output height × width, channels are outputs.
 *
 * @returns 23 numbers
 */
export function shapeSums({ layers, values }: LayerGraph): number[] {
	const sums = new Array<number>(KINDS.length * SUMS + 2).fill(0);
	const add = (first: number, terms: readonly number[]) => {
		for (const [i, term] of terms.entries()) sums[first + i]! += term;
	};
	for (const layer of layers) {
		if (!isWeighted(layer)) continue;
		if (layer.kind === "linear") {
			const { inFeatures, outFeatures } = layer;
			add(KINDS.length * SUMS, [Math.log(inFeatures * outFeatures), Math.log(outFeatures)]);
			continue;
		}
		const { inChannels, outChannels, groups, kernel } = layer;
		const { height, width } = values[layer.output]!;
		const area = Math.log(height) + Math.log(width);
		const weights = Math.log(outChannels * (inChannels / groups) * kernel ** 2);
		const terms = [1, area, weights, Math.log(outChannels), area * weights, area ** 2, weights ** 2];
		add(KINDS.indexOf(kindOf(layer)) * SUMS, terms);
	}
	return sums;
}

/** {@link shapeSums} by the number of convolutions and linear layers: what the layers are like, however many they are. */
export function shapeMeans(graph: LayerGraph): number[] {
	const layers = Math.max(1, graph.layers.filter(isWeighted).length);
	return shapeSums(graph).map((sum) => sum / layers);
}

function kindOf({ groups, kernel }: ConvLayer): (typeof KINDS)[number] {
	if (groups > 1) return "grouped";
	return kernel === 1 ? "pointwise" : "dense";
}

/**
 * The predicted score, up to the level of the target.
 *
 * @param shapes of the network at the size that scores are taken at, as the model was fitted to
 */
export function predictByShapes({ weights }: ShapeModel, shapes: readonly number[]): number {
	return shapes.reduce((sum, value, i) => sum + weights[i]! * value, 0);
}

/**
 * Ridge regression within groups: of every network the difference from its group's mean, errors in parts of that mean, each group with the
 * same weight.
 *
 * @param ridge penalty, in parts of the mean square of a column
 */
export function fitShapeModel(groups: readonly ShapeGroup[], ridge = 1e-4): ShapeModel {
	const rows = groups.flatMap(centred);
	const columns = rows[0]!.sums.length;
	const scales = Array.from({ length: columns }, (_, i) => {
		return Math.sqrt(rows.reduce((sum, { sums }) => sum + sums[i]! ** 2, 0)) || 1;
	});
	const x = new Matrix(rows.map(({ sums }) => sums.map((value, i) => value / scales[i]!)));
	const gram = x.transpose().mmul(x).add(Matrix.eye(columns).mul(ridge));
	const right = x.transpose().mmul(Matrix.columnVector(rows.map(({ score }) => score)));
	const weights = solve(gram, right).to1DArray();
	return { weights: weights.map((weight, i) => Number((weight / scales[i]!).toPrecision(6))) };
}

function centred({ sums, scores }: ShapeGroup) {
	const level = mean(scores);
	const weight = 1 / level / Math.sqrt(scores.length);
	const means = sums[0]!.map((_, i) => mean(sums.map((row) => row[i]!)));
	return sums.map((row, n) => ({
		sums: row.map((value, i) => (value - means[i]!) * weight),
		score: (scores[n]! - level) * weight,
	}));
}
