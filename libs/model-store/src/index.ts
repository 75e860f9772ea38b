export * from "./folder-store.js";
export { BUNDLE_FORMAT_VERSION, type BundleFile, type BundleManifest, parseManifest } from "./manifest.js";
export * from "./model-store.js";
export { type BundleLimits, DEFAULT_LIMITS, openBundle } from "./verify.js";
export { replaceFile, writeBundle } from "./write-bundle.js";
