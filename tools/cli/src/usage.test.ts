import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { afterAll, expect, test } from "vitest";
import { type CliRun, run } from "../test/run-cli.js";
import { createContext } from "./cli/context.js";
import { createProgram } from "./program.js";

const silent = { write: () => {} };
const program = createProgram(
	createContext({ stdout: silent, stderr: silent, signal: new AbortController().signal, environment: {} }),
);

/** A command and those below it, by their words. */
function all(command: Command, words: readonly string[] = []): [string[], Command][] {
	const below = command.commands.flatMap((child) => all(child, [...words, child.name()]));
	return [[[...words], command], ...below];
}
const groups = all(program).filter(([, { commands }]) => commands.length > 0);
const leaves = all(program).filter(([, { commands }]) => commands.length === 0);

const folder = mkdtempSync(join(tmpdir(), "archgen-usage-"));
afterAll(() => rmSync(folder, { recursive: true }));
/** A file of JSON that is nothing that any command reads; also where no folder can be made. */
const EMPTY = join(folder, "empty.json");
writeFileSync(EMPTY, "{}\n");
const NOTHING = join(folder, "nothing");
const CELL =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** One sentence on stderr that names what is wrong, nothing on stdout. */
function expectSentence({ exitCode, stdout, stderr }: CliRun, names: string, code = 2): void {
	expect({ exitCode, stdout, stderr }).toEqual({
		exitCode: code,
		stdout: "",
		stderr: expect.stringMatching(/^archgen: [^\n]+\n$/),
	});
	expect(stderr).not.toMatch(/\. [A-Z]/);
	expect(stderr).toContain(names);
}

test.each(groups)("%j alone asks for a command", async (words) => {
	expectSentence(await run(words), "command is missing");
	expectSentence(await run([...words, "nonsense"]), "nonsense");
});

/** Values of mandatory options that take one of a few words; the others take a file. */
const WORDS: Readonly<Record<string, string>> = { "--space": "nasbench201" };

/** What a command cannot do without: its arguments and mandatory options. */
function required({ registeredArguments, options }: Command): string[] {
	const mandatory = options.filter(({ mandatory }) => mandatory);
	return [
		...registeredArguments.map(() => "name"),
		...mandatory.flatMap(({ long }) => [long!, WORDS[long!] ?? EMPTY]),
	];
}

test.each(leaves)("%j refuses a wrong option by its name", async (words, command) => {
	expectSentence(await run([...words, ...required(command), "--wrong-flag"]), "--wrong-flag");
});

test.each(leaves)("%j refuses wrong values of its options by their names", async (words, command) => {
	for (const { long, parseArg } of command.options)
		if (parseArg) expectSentence(await run([...words, long!, "ü/"]), long!);
});

test.each(
	leaves.filter(([words]) => words[0] !== "serve"),
)("%j takes no more arguments", async (words, command) => {
	expectSentence(await run([...words, ...required(command), "extra"]), "too many arguments");
});

const withCell = ["--nasbench201", CELL];
const inside = join(EMPTY, "sub");

test.each([
	...["count", "score", "export"].flatMap((command) => [
		[[command], "--network"],
		[[command, "--network", NOTHING], "--network"],
		[[command, "--cell", EMPTY], "--cell"],
		[[command, "--graphnet", EMPTY], "--graphnet"],
	]),
	[["score", ...withCell, "--index", "0"], "--index"],
	[["score", ...withCell, "--images", `${NOTHING}.bin`], "--images"],
	[["score", ...withCell, "--images", EMPTY], "--images"],
	[["score", ...withCell, "--record", inside], "--record"],
	[["export", ...withCell, "--out", inside], "--out"],
	[["label", "--images", NOTHING], "--images"],
	[["label", "--out", inside], "--out"],
	[["label", "--out", EMPTY], EMPTY],
	[["train"], "--profile"],
	[["train", "gva", "--profile", "tiny"], '"gva"'],
	[["train", "mixture", "--work", inside], inside],
	[["train", "mixture", "--labels", NOTHING], NOTHING],
	[["train", "gvae", "--work", NOTHING], "archgen train mixture"],
	[["train", "ccnf", "--work", NOTHING], "archgen train gvae"],
	[["train", "histories", "--work", NOTHING], "archgen train gvae"],
	[["train", "seqgen", "--work", NOTHING], "archgen train mixture"],
	[["train", "bundle", "--work", NOTHING], "archgen train mixture"],
	[["train", "bundle", "--profile", "huge"], "--profile"],
	[["evolve", "--work", NOTHING], "archgen train gvae"],
	[["evolve", "--models", NOTHING], "--models"],
	[["evolve", "--model-version", "99"], "99"],
	[["evolve", "--random-cells", "--images", NOTHING], "--images"],
	[["evolve", "--random-cells", "--predicted", "--objective", "naswot"], "--predicted"],
	[["evolve", "--random-cells", "--out", inside], "--out"],
	[["evolve", "--random-cells", "--input", "15"], "--input"],
	[["evolve", "--random-cells", "--classes", "1"], "--classes"],
	[["generate", "--models", NOTHING], "--models"],
	[["generate", "--model", "nothing"], "nothing"],
	[["generate", "--cell-generator", "flwo"], "flow, score, discrete, random"],
	[["generate", "--images", EMPTY], "--images"],
	[["generate", "--out", inside], "--out"],
	[["generate", "--address", "127.0.0.1:1"], "--address"],
	[["generate", "--address", "no host"], "--address"],
	[["jobs", "list", "--address", "127.0.0.1:1"], "--address"],
	[["models", "rollback", "--address", "127.0.0.1:1"], "--address"],
	[["models", "list", "--models", NOTHING], "--models"],
	[["models", "show", "--model-version", "../x"], "version"],
	[["models", "verify", "--model", "nothing"], "nothing"],
	[["validate", "graphnet", "--file", NOTHING], "--file"],
	[["validate", "graphnet", "--file", EMPTY], "--file"],
	[["validate", "bundle", "--models", NOTHING], "--models"],
	[["validate", "gvae", "--models", NOTHING], "--models"],
	[["validate", "gvae", "--labels", NOTHING], "--labels"],
	[["reproduce", "table1", "--models", NOTHING], "--models"],
	[["reproduce", "table1", "--images", NOTHING], "--images"],
	[["reproduce", "table1", "--labels", inside], "--labels"],
	[["reproduce", "objectives", "--models", NOTHING], "--models"],
	[["reproduce", "objectives", "--images", NOTHING], "--images"],
	[["reproduce", "objectives", "--work", inside], "--work"],
	[["reproduce", "criteria", "--labels", NOTHING], "--labels"],
	[["reproduce", "figure2", "--labels", NOTHING], "--labels"],
	[["reproduce", "figure2", "--profile", "huge"], "--profile"],
	[["reproduce", "criteria", "--from", "9", "--to", "8"], "--from"],
	[["demo", "--models", NOTHING], "--models"],
	[["demo", "--model", "nothing"], "nothing"],
	[["demo", "--out", inside], "--out"],
	[["serve", "--models", NOTHING], "--models"],
	[["serve", "--model", "nothing"], "nothing"],
	[["serve", "--images", EMPTY], "--images"],
	[["serve", "gvae", "--model", "nothing"], "nothing"],
	[["serve", "zc-proxy", "--images", NOTHING], "--images"],
] as [string[], string][])("%j names %s", async (args, names) => {
	const result = await run(args);
	// A missing model, step or server is no mistake in the command line itself.
	expectSentence(result, names, result.exitCode === 1 ? 1 : 2);
});

// What only the service itself can tell.
test.each([
	[["zc-proxy", "--wrong-flag"], "--wrong-flag", 2],
	[["zc-proxy", "--port", "banana"], "--port", 2],
	[["zc-proxy", "--queue-size", "0"], "--queue-size", 2],
	[["zc-proxy", "--host"], "--host", 2],
	[["zc-proxy", "--host", "0.0.0.0"], "0.0.0.0", 1],
	[["gvae", "--config", NOTHING], NOTHING, 2],
	[["orchestrator", "--upstream-gvae", "a:1,b:2", "--free-ports"], "a:1", 2],
	[["seqgen", "extra"], "extra", 2],
])("serve %j names %s", async (args, names, code) => {
	expectSentence(await run(["serve", ...args]), names, code);
});
