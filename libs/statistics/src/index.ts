export { correlationInterval, type Interval } from "./bootstrap.js";
export { pearson, ranks, rSquared, spearman } from "./correlation.js";
export { hypervolume } from "./hypervolume.js";
export { kendall, type Pairs, pairedKendall, similarPairs } from "./kendall.js";
export { mean, quantile, standardDeviation } from "./moments.js";
export { partialSpearman } from "./partial.js";
