export { type GvaeSettings, gvaeSettings } from "./settings.js";
export { startGvae } from "./start.js";
