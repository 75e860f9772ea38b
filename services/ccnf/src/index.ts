export { type CcnfSettings, ccnfSettings } from "./settings.js";
export { startCcnf } from "./start.js";
