import { runService } from "@archgen/rpc";
import { gvaeSettings } from "./settings.js";
import { startGvae } from "./start.js";

await runService("gvae", gvaeSettings, startGvae);
