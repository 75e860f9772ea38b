export { type ClusterCellsJson, clusterCellsFromJson, clusterCellsToJson } from "./bundle/cluster-cells.js";
export { readClusterCells, readMixture, readStandardizer } from "./bundle/clusters.js";
export { BUNDLE_LAYOUT } from "./bundle/layout.js";
export { type ModelIdentity, ServedModel, type ServedModelOptions } from "./bundle/served-model.js";
export { storedModel } from "./bundle/stored-model.js";
export * from "./store/folder-store.js";
export {
	BUNDLE_FORMAT_VERSION,
	type BundleFile,
	type BundleManifest,
	parseManifest,
} from "./store/manifest.js";
export * from "./store/model-store.js";
export { type BundleLimits, DEFAULT_LIMITS, openBundle } from "./store/verify.js";
export { replaceFile, writeBundle } from "./store/write-bundle.js";
