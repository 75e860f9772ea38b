export { bootstrapInterval, type Interval } from "./bootstrap.js";
export { pearson, ranks, rSquared, spearman } from "./correlation.js";
export { kendall, pairedKendall, similarPairs } from "./kendall.js";
export { mean, standardDeviation } from "./moments.js";
export { partialSpearman } from "./partial.js";
