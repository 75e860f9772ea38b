import { runService } from "@archgen/rpc";
import { ccnfSettings } from "./settings.js";
import { startCcnf } from "./start.js";

await runService("ccnf", ccnfSettings, startCcnf);
