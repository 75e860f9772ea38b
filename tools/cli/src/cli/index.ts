export { resumable } from "@archgen/pipeline";
export { type CliContext, printResult } from "./context.js";
export { bareCommand, type CommandText, type CommonOptions, newCommand } from "./new-command.js";
export { choice, choices, count, integer, number, proxies } from "./parsers.js";
export { Ending, NOTHING_FOUND } from "./report-error.js";
