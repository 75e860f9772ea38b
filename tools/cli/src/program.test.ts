import type { Command } from "commander";
import { expect, test } from "vitest";
import { run } from "../test/run-cli.js";
import { createContext } from "./cli/context.js";
import { resumable } from "./cli/index.js";
import { reportError } from "./cli/report-error.js";
import { createProgram } from "./program.js";

/** All commands that do something, by their words. */
function leaves(command: Command, words: readonly string[] = []): [string, Command][] {
	if (command.commands.length === 0) return [[words.join(" "), command]];
	return command.commands.flatMap((child) => leaves(child, [...words, child.name()]));
}

const silent = { write: () => {} };
const program = createProgram(
	createContext({ stdout: silent, stderr: silent, signal: new AbortController().signal, environment: {} }),
);

test("the fixed commands exist", () => {
	const names = leaves(program).map(([name]) => name);
	for (const name of [
		"count",
		"score",
		"label",
		"evolve",
		"generate",
		"export",
		"serve",
		"demo",
		"train gvae",
	])
		expect(names).toContain(name);
});

test.each(leaves(program))("%s has help with an example and --json", async (name, command) => {
	const { exitCode, stdout } = await run([...name.split(" "), "--help"]);
	expect(exitCode).toBe(0);
	expect(stdout).toContain(`$ archgen ${name}`);
	expect(command.options.map(({ long }) => long)).toContain("--json");
});

test.each(
	leaves(program),
)("the examples of %s are command lines that it understands", async (name, command) => {
	let help = "";
	command.configureOutput({ writeOut: (text) => (help += text) });
	command.outputHelp();
	for (const line of help.split("\n").filter((text) => text.includes("$ archgen "))) {
		const words = [
			...line
				.trim()
				.slice("$ archgen ".length)
				.matchAll(/'([^']*)'|(\S+)/g),
		].map((m) => m[1] ?? m[2]!);
		command.action(() => {});
		await expect(command.parseAsync(words.slice(name.split(" ").length), { from: "user" })).resolves.toBe(
			command,
		);
	}
});

test.each([
	[["count"], "--graphnet"],
	[["count", "--network", "a", "--cell", "b"], "exactly one"],
	[["count", "--cell", "/nothing/there.json"], "--cell: /nothing/there.json does not exist"],
	[["count", "--nasbench201", "|conv~0|"], "--nasbench201"],
	[["score", "--nasbench201", "x", "--batch", "1"], "--batch"],
	[["label", "--count", "x"], "--count"],
	[["evolve", "--max-flop-count", "0"], "--max-flop-count"],
	[["evolve", "--objective", "luck"], "--objective"],
	[["train", "gvae", "--profile", "huge"], "--profile"],
	[["generate", "--max-mac-count", "lots"], "--max-mac-count"],
	[["generate", "--max-flop-count", "100"], "--max-flop-count is 100, but the smallest network"],
	[["generate", "--max-mac-count", "10M", "--min-mac-count", "20M"], "--max-mac-count"],
	[["generate", "--classes", "0"], "--classes"],
	[["generate", "--input", "8"], "--input"],
	[["generate", "--candidates", "2", "--top", "3"], "--top"],
	[["export", "--formats", "onnx,png"], "--formats"],
	[["export", "--format", "png"], "--format"],
	[["serve", "nothing"], "choose one of zc-proxy"],
	[["nonsense"], "unknown command"],
])("%j is refused with one sentence and exit code 2", async (args, part) => {
	const { exitCode, stdout, stderr } = await run(args);
	expect(exitCode).toBe(2);
	expect(stdout).toBe("");
	expect(stderr).toMatch(/^archgen: [^\n]+\n$/);
	expect(stderr).toContain(part);
});

test("what an interruption broke exits with 130 and says how to go on", async () => {
	const context = createContext({
		stdout: silent,
		stderr: silent,
		signal: AbortSignal.abort(),
		environment: {},
	});
	const broken = resumable(context.signal, "Run it again.", () => Promise.reject(new Error("a worker died")));
	const error: unknown = await broken.catch((reason: unknown) => reason);
	let text = "";
	expect(reportError(error, { ...context, stderr: { write: (part) => (text += part) } })).toBe(130);
	expect(text).toBe("archgen: stopped. Run it again.\n");
});

test("a stack follows only when it is asked for", () => {
	let text = "";
	const stderr = { write: (part: string) => (text += part) };
	const context = { stdout: silent, stderr, signal: new AbortController().signal };
	expect(reportError(new Error("broken"), createContext({ ...context, environment: {} }))).toBe(1);
	expect(text).toBe("archgen: broken\n");
	reportError(new Error("broken"), createContext({ ...context, environment: { ARCHGEN_DEBUG: "1" } }));
	expect(text).toContain("program.test.ts");
});
