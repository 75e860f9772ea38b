export { type AdamsOptions, solveAdams } from "./adams.js";
export type { SolveFailure } from "./failures.js";
export type { Field, SolveOptions, State, StepReport } from "./options.js";
export * from "./solve.js";
export * from "./tableau.js";
export * from "./tableaus.js";
