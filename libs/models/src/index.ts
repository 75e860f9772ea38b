export { type ClusterCellsJson, clusterCellsFromJson, clusterCellsToJson } from "./bundle/cluster-cells.js";
export { readClusterCells, readMixture, readStageCells, readStandardizer } from "./bundle/clusters.js";
export { type ExemplarsJson, exemplarsFromJson } from "./bundle/exemplars.js";
export { BUNDLE_LAYOUT } from "./bundle/layout.js";
export { type ModelIdentity, ServedModel, type ServedModelOptions } from "./bundle/served-model.js";
export { storedModel } from "./bundle/stored-model.js";
export { type CellGeneratorEntry, findGenerator, generatorsMaking } from "./generators/find-generator.js";
export type { GeneratorKind, KindOf } from "./generators/generator-kinds.js";
export { pullFromHub, pushToHub } from "./hub/hub-folder.js";
export * from "./store/folder-store.js";
export { parseManifest } from "./store/manifest.js";
export type {
	BundleFile,
	BundleManifest,
	GeneratorEntry,
} from "./store/manifest-schema.js";
export * from "./store/model-store.js";
export type { BundleLimits } from "./store/verify.js";
