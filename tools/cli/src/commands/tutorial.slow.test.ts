import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(`../../../../${relative}`, import.meta.url));
const page = readFileSync(path("docs/tutorial.md"), "utf8");
const folder = mkdtempSync(join(tmpdir(), "archgen-tutorial-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Command lines of the page's blocks of a kind, in order. */
const commands = (kind: string) =>
	[...page.matchAll(/^```(.*)\n([^`]*)^```/gm)]
		.filter(([, head]) => head === kind)
		.flatMap(([, , block]) => block!.trimEnd().split("\n"));

/** Runs a command line in the tutorial's folder, `npx archgen` as this repository's. */
function runLine(line: string): { readonly status: number | null; readonly output: string } {
	const archgen = `'${process.execPath}' '${path("tools/cli/bin/archgen.js")}'`;
	const command = line.replace("npx archgen", archgen);
	const { status, stdout, stderr } = spawnSync("sh", ["-c", command], {
		cwd: folder,
		encoding: "utf8",
		env: { ...process.env, ARCHGEN_MODELS: undefined, XDG_STATE_HOME: folder },
	});
	return { status, output: stdout + stderr };
}

test("each command of the tutorial works, in the order of the page", () => {
	const [install, ...rest] = commands("sh");
	// Nothing of this repository could run without it; .ci/run begins with it.
	expect(install).toBe("npm ci");
	expect(readFileSync(path(".ci/run"), "utf8")).toContain("\nnpm ci\n");
	expect(rest.length).toBeGreaterThan(8);
	for (const line of rest) {
		expect(line).toMatch(/^npx archgen /);
		expect({ line, ...runLine(line) }).toMatchObject({ line, status: 0 });
	}
}, 900_000);

const hasTorch = spawnSync("python3", ["-c", "import torch"]).status === 0;
test.runIf(hasTorch)(
	"the network trains",
	() => {
		for (const line of commands("sh torch"))
			expect({ line, ...runLine(line) }).toMatchObject({ line, status: 0 });
	},
	900_000,
);

test("commands with PyTorch name files of the project", () => {
	expect(commands("sh torch")).toEqual(["python3 mynet/train.py --smoke"]);
});
