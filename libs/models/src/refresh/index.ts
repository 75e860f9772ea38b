export { exemplarExamples, type RefreshHistory } from "./examples.js";
export * from "./promotion-gate.js";
export * from "./refresh.js";
