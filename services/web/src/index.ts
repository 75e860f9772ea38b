export { messageFromJson } from "./json.js";
export { gatewayServices } from "./protocol.js";
export { type WebSettings, webSettings } from "./settings.js";
export { startWeb } from "./start.js";
