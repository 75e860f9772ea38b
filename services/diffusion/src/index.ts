export { type DiffusionSettings, diffusionSettings } from "./settings.js";
export { startDiffusion } from "./start.js";
