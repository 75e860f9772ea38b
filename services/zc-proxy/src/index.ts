export { type ZcProxySettings, zcProxySettings } from "./settings.js";
export { startZcProxy } from "./start.js";
