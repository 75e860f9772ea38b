export { type LatencyEstimate, LatencyModel } from "./latency-model.js";
export {
	LATENCY_COLUMNS,
	type LatencyEntry,
	type LatencyTable,
	parseLatencyTable,
	tableToCsv,
} from "./latency-table.js";
export { peakActivationBytes } from "./peak-activation.js";
export {
	chainLayers,
	type LatencySite,
	latencySites,
	type PlacedSite,
	placedSites,
	SITE_OPERATIONS,
	type SiteOperation,
	siteLayers,
} from "./sites.js";
