import { runService } from "@archgen/rpc";
import { diffusionSettings } from "./settings.js";
import { startDiffusion } from "./start.js";

await runService("diffusion", diffusionSettings, startDiffusion);
