export * from "./acquisition.js";
export * from "./architecture-distance.js";
export * from "./bayesian-optimization.js";
export * from "./candidates.js";
export * from "./gaussian-process.js";
export { normalScores } from "./normal-scores.js";
