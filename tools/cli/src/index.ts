export { type CliContext, createContext, type TextSink } from "./cli/context.js";
export { createProgram, runCli } from "./program.js";
