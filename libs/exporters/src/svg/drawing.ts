/** The layout of cells and its colours, free of file formats, for whoever draws cells otherwise. */
export { curve, isProjected } from "./cell-drawing.js";
export { type CellLayout, layoutCell, type PlacedEdge, type PlacedNode, type Point } from "./cell-layout.js";
export type { BoxColors } from "./operation-colors.js";
