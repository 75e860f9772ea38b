export { type CliContext, createContext } from "./cli/context.js";
export type { TextSink } from "./cli/progress.js";
export { createProgram, runCli } from "./program.js";
