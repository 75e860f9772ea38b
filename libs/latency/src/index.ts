export { type LatencyEstimate, LatencyModel } from "./latency-model.js";
export {
	type LatencyEntry,
	type LatencyTable,
	parseLatencyTable,
	tableToCsv,
} from "./latency-table.js";
export { peakActivationBytes } from "./peak-activation.js";
export {
	type LatencySite,
	type PlacedSite,
	placedSites,
	type SiteOperation,
} from "./sites.js";
