import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { bashCompletion } from "./completion.js";

const SCRIPT = bashCompletion("my-tool", [
	{ path: [], words: ["count", "jobs", "--help"] },
	{ path: ["count"], words: ["--json", "--network"] },
	{ path: ["jobs"], words: ["create", "list"] },
	{ path: ["jobs", "create"], words: ["--id", "--input"] },
]);
const hasBash = spawnSync("bash", ["-c", ":"]).status === 0;

/** What bash offers for the last of these words. */
function offered(...words: string[]): string[] {
	const line = ["my-tool", ...words].map((word) => `'${word}'`).join(" ");
	const program = `${SCRIPT}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _my_tool; printf '%s\\n' "\${COMPREPLY[@]}"`;
	const { stdout, stderr } = spawnSync("bash", ["-c", program], { encoding: "utf8" });
	expect(stderr).toBe("");
	return stdout.trim() === "" ? [] : stdout.trim().split("\n");
}

describe.runIf(hasBash)("in bash", () => {
	test.each([
		[[""], ["count", "jobs", "--help"]],
		[["c"], ["count"]],
		[["--"], ["--help"]],
		[["count", "--n"], ["--network"]],
		[["count", "--network", "jobs", "--j"], ["--json"]],
		[
			["jobs", ""],
			["create", "list"],
		],
		[
			["jobs", "create", "--i"],
			["--id", "--input"],
		],
		[["jobs", "create", "--input", "32", "--id", "x", "--in"], ["--input"]],
		[["nothing", "z"], []],
	])("%j offers %j", (words, expected) => {
		expect(offered(...words)).toEqual(expected);
	});
});

test("names its function and program", () => {
	expect(SCRIPT).toMatch(/^_my_tool\(\) \{\n/);
	expect(SCRIPT).toMatch(/\ncomplete -o default -F _my_tool my-tool\n$/);
});
