export type { SolveFailure } from "./failures.js";
export type { Field, SolveOptions, State, StepReport } from "./options.js";
export * from "./solve.js";
export * from "./tableau.js";
export * from "./tableaus.js";
