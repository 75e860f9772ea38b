export { type Drift, driftOf, type Footprint, footprintOf } from "./footprint.js";
export {
	type Fault,
	type FaultKind,
	type PlanOptions,
	planFaults,
	SERVICES,
	type ServiceName,
} from "./plan.js";
export { type ChaosOptions, type ChaosReport, runChaos } from "./run.js";
export { runSoak, type SoakOptions, type SoakReport } from "./soak.js";
