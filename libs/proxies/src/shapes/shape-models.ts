import type { LayerGraph } from "@archgen/search-space";
import type { ObjectiveName } from "../objectives.js";
import { structureLogit, TCET_SHARE } from "../trained-fit.js";
import { predictByShapes } from "./shape-model.js";
import { SHAPE_WEIGHTS } from "./shape-weights.js";

/** An objective that is predicted without running the network. */
export type ShapeObjective = keyof typeof SHAPE_WEIGHTS;

const shapes = (name: ShapeObjective) => (graph: LayerGraph) =>
	predictByShapes({ weights: SHAPE_WEIGHTS[name] }, graph);

/** Predictions of objectives up to the level of the target: T-CET from layer shapes (ADR 019), structure as it is. */
const PROMISES: Readonly<Record<ShapeObjective, (graph: LayerGraph) => number>> = {
	tcet: shapes("tcet"),
	"tcet-train": shapes("tcet-train"),
	// The weights are those of ln T-CET here.
	"tcet-structure": (graph) => structureLogit(graph) + TCET_SHARE * shapes("tcet-structure")(graph),
};

/** What a network promises by an objective, for comparison with others of its target; undefined where nothing is known without running it. */
export function promiseBy(objective: ObjectiveName): ((graph: LayerGraph) => number) | undefined {
	return Object.hasOwn(PROMISES, objective) ? PROMISES[objective as ShapeObjective] : undefined;
}
