export { type WebSettings, webSettings } from "./settings.js";
export { startWeb } from "./start.js";
