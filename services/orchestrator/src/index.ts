export { type OrchestratorSettings, orchestratorSettings } from "./settings.js";
export { startOrchestrator } from "./start.js";
