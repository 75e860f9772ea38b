import { createContext } from "./cli/context.js";
import { listenForInterrupts } from "./cli/interrupt.js";
import { runCli } from "./program.js";

const interrupts = listenForInterrupts(process.stderr);
const context = createContext({ stdout: process.stdout, stderr: process.stderr, signal: interrupts.signal });
// Workers that are idle or stopping do not keep a program alive, but a command in progress must end by itself.
const alive = setInterval(() => {}, 2 ** 30);
const exitCode = await runCli(process.argv.slice(2), context);
clearInterval(alive);
// What was printed must have left the process.
process.stdout.write("", () => process.exit(exitCode));
