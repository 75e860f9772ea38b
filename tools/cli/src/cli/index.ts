export { resumable } from "@archgen/pipeline";
export { type CliContext, printResult } from "./context.js";
export { bareCommand, type CommandText, type CommonOptions, newCommand } from "./new-command.js";
export {
	bytes,
	choice,
	choices,
	columnStem,
	count,
	integer,
	listOf,
	number,
	proxies,
	proxiesOption,
	several,
} from "./parsers.js";
export { Ending, NOTHING_FOUND } from "./report-error.js";
