// An orchestrator that kills itself: ARCHGEN_STOP_AT=before:record:3 before its third record, after:end:1 after its end.
import { runService } from "@archgen/rpc";
import { orchestratorSettings, startOrchestrator } from "../dist/index.js";

const [moment, point, count] = (process.env.ARCHGEN_STOP_AT ?? "").split(":");
let seen = 0;

function probe(at, write) {
	if (at === moment && write === point && ++seen === Number(count)) process.kill(process.pid, "SIGKILL");
}

await runService("orchestrator", orchestratorSettings, (settings) => startOrchestrator(settings, probe));
