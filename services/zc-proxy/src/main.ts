import { runService } from "@archgen/rpc";
import { zcProxySettings } from "./settings.js";
import { startZcProxy } from "./start.js";

await runService("zc-proxy", zcProxySettings, startZcProxy);
