import type { ObjectiveName } from "../objectives.js";
import type { ShapeModel } from "./shape-model.js";
import { SHAPE_WEIGHTS } from "./shape-weights.js";

/** An objective that layer shapes predict. */
export type ShapeObjective = keyof typeof SHAPE_WEIGHTS;

/** Predictions of objectives from layer shapes; ADR 019 says how good they are. */
export const SHAPE_MODELS: Readonly<Record<ShapeObjective, ShapeModel>> = {
	tcet: { weights: SHAPE_WEIGHTS.tcet },
	"tcet-train": { weights: SHAPE_WEIGHTS["tcet-train"] },
};

/** Whether layer shapes predict an objective. */
export function hasShapeModel(name: ObjectiveName): name is ShapeObjective & ObjectiveName {
	return Object.hasOwn(SHAPE_MODELS, name);
}
