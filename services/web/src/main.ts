import { runService } from "@archgen/rpc";
import { webSettings } from "./settings.js";
import { startWeb } from "./start.js";

await runService("web", webSettings, startWeb);
