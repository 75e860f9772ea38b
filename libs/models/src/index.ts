export { type ClusterCellsJson, clusterCellsFromJson, clusterCellsToJson } from "./bundle/cluster-cells.js";
export { readClusterCells, readMixture, readStageCells, readStandardizer } from "./bundle/clusters.js";
export { type ExemplarsJson, exemplarsFromJson, exemplarsToJson } from "./bundle/exemplars.js";
export { BUNDLE_LAYOUT } from "./bundle/layout.js";
export { type ModelIdentity, ServedModel, type ServedModelOptions } from "./bundle/served-model.js";
export { storedModel } from "./bundle/stored-model.js";
export { type CellGeneratorEntry, findGenerator, generatorsMaking } from "./generators/find-generator.js";
export { GENERATOR_KINDS, type GeneratorKind, type KindOf } from "./generators/generator-kinds.js";
export { describeGenerator, listGenerators } from "./generators/list-generators.js";
export { hubPath, pullFromHub, pushToHub } from "./hub/hub-folder.js";
export * from "./store/folder-store.js";
export { parseManifest } from "./store/manifest.js";
export {
	BUNDLE_FORMAT_VERSION,
	type BundleFile,
	type BundleManifest,
	type GeneratorEntry,
} from "./store/manifest-schema.js";
export * from "./store/model-store.js";
export { type BundleLimits, DEFAULT_LIMITS, openBundle } from "./store/verify.js";
export { replaceFile, writeBundle } from "./store/write-bundle.js";
