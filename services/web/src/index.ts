export { openApiDocument } from "./openapi/document.js";
export { type WebSettings, webSettings } from "./settings.js";
export { startWeb } from "./start.js";
