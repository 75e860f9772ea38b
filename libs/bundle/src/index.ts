export { type ClusterCellsJson, clusterCellsFromJson, clusterCellsToJson } from "./cluster-cells.js";
export { readClusterCells, readMixture, readStandardizer } from "./clusters.js";
export { BUNDLE_LAYOUT } from "./layout.js";
export { type ModelIdentity, ServedModel, type ServedModelOptions } from "./served-model.js";
export { storedModel } from "./stored-model.js";
