export { exemplarExamples, type RefreshHistory } from "./examples.js";
export * from "./promotion-gate.js";
export { refreshSequenceGenerator } from "./refresh.js";
export * from "./refresh-files.js";
export { type RefreshRequest, refreshIdentity } from "./refresh-request.js";
