import {
	countLayers,
	isSquareClassifier,
	type LayerGraph,
	lowerNetwork,
	type Network,
	scaledInput,
	type Target,
} from "@archgen/search-space";
import type { ProxyName } from "../proxy-table.js";
import { sizeTerm, structureLogit, TCET_TIE_SHARE, tcetLogit } from "../trained-fit.js";
import { predictByShapes, shapeMeans, shapeSums } from "./shape-model.js";
import { SHAPE_WEIGHTS } from "./shape-weights.js";

/** An objective whose part by the shapes of layers was fitted. */
export type ShapeObjective = keyof typeof SHAPE_WEIGHTS;

type Prediction = (graph: LayerGraph) => number;

const bySums = (name: ShapeObjective) => (graph: LayerGraph) =>
	predictByShapes({ weights: SHAPE_WEIGHTS[name] }, shapeSums(graph));

const lnTcetPerLayer: Prediction = (graph) =>
	predictByShapes({ weights: SHAPE_WEIGHTS["ln-tcet-train-per-layer"] }, shapeMeans(graph));
const tcetFit: Prediction = (graph) => tcetLogit(graph, lnTcetPerLayer(graph));
const tcetStructure: Prediction = (graph) => {
	const lnTcet = lnTcetPerLayer(graph) + Math.log(Math.max(1, countLayers(graph).layerCount));
	return structureLogit(graph) + TCET_TIE_SHARE * lnTcet;
};
const withSize =
	(predict: Prediction): Prediction =>
	(graph) =>
		predict(graph) + sizeTerm(countLayers(graph).macCount);

/** Proxies up to the level of the target: T-CET from layer shapes (ADR 019), structure and size as they are. */
const PREDICTIONS: Partial<Readonly<Record<ProxyName, Prediction>>> = {
	tcet: bySums("tcet"),
	tcet_train: bySums("tcet-train"),
	tcet_fit: tcetFit,
	tcet_fit_size: withSize(tcetFit),
	tcet_structure: tcetStructure,
	tcet_structure_size: withSize(tcetStructure),
};

/**
 * What networks for a target promise by a proxy, for comparison with each other: the proxy is predicted without running them.
 *
 * @param size of the images that they would be scored with, in pixels
 * @returns undefined where nothing is known without running them, as of tasks and images that shapes were not fitted to
 */
export function predictionOf(
	proxy: string,
	target: Target,
	size: number,
): ((network: Network) => number) | undefined {
	const predict = Object.hasOwn(PREDICTIONS, proxy) ? PREDICTIONS[proxy as ProxyName] : undefined;
	if (predict === undefined || !isSquareClassifier(target)) return undefined;
	return (network) => predict(lowerNetwork({ ...network, input: scaledInput(network.input, size) }));
}
