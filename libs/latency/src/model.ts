/** Predictions and peak memory alone, free of files, for programs that read tables otherwise. */
export { type LatencyEstimate, LatencyModel } from "./latency-model.js";
export type { LatencyEntry, LatencyTable } from "./latency-table.js";
export { peakActivationBytes } from "./peak-activation.js";
export type { PlacedSite } from "./sites.js";
