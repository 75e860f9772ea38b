export {
	type Fault,
	type FaultKind,
	type PlanOptions,
	planFaults,
	SERVICES,
	type ServiceName,
} from "./plan.js";
export { type ChaosOptions, type ChaosReport, runChaos } from "./run.js";
