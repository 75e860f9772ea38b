import { runService } from "@archgen/rpc";
import { orchestratorSettings } from "./settings.js";
import { startOrchestrator } from "./start.js";

await runService("orchestrator", orchestratorSettings, startOrchestrator);
