import { createContext } from "./cli/context.js";
import { listenForInterrupts } from "./cli/interrupt.js";
import { runCli } from "./program.js";

const interrupts = listenForInterrupts(process.stderr);
const context = createContext({ stdout: process.stdout, stderr: process.stderr, signal: interrupts.signal });
const exitCode = await runCli(process.argv.slice(2), context);
// An idle worker must not keep the program alive, but what it printed must have left the process.
process.stdout.write("", () => process.exit(exitCode));
