import { createContext } from "../src/cli/context.js";
import { runCli } from "../src/program.js";

export { temporaryFolder } from "../../../libs/pipeline/testing/temporary-folder.js";

export interface CliRun {
	readonly exitCode: number;
	readonly stdout: string;
	readonly stderr: string;
}

/** Runs a command line in this process and catches what it prints. */
export async function run(
	args: readonly string[],
	signal: AbortSignal = new AbortController().signal,
): Promise<CliRun> {
	const written = { stdout: "", stderr: "" };
	const sink = (name: keyof typeof written) => ({
		write: (text: string) => {
			written[name] += text;
		},
	});
	const context = createContext({ stdout: sink("stdout"), stderr: sink("stderr"), signal, environment: {} });
	const exitCode = await runCli(args, context);
	return { exitCode, ...written };
}

/** Runs a command line that must succeed and parses the one JSON document it prints. */
export async function runJson<T>(args: readonly string[]): Promise<T> {
	const { exitCode, stdout, stderr } = await run([...args, "--json"]);
	if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${stderr}`);
	return JSON.parse(stdout) as T;
}
