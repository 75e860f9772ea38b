import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const VERSION_CHECK = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
/** What pip says where it reaches no package index. */
const UNREACHABLE =
	/NewConnectionError|Max retries exceeded|Could not fetch URL|Temporary failure|No matching distribution/;

/** A Python of 3.10 or newer that can make environments; ARCHGEN_PYTHON, or python3. */
function findPython(): string | undefined {
	const candidates = [process.env.ARCHGEN_PYTHON, "python3"].filter((name) => name !== undefined);
	return candidates.find((name) => spawnSync(name, ["-c", VERSION_CHECK]).status === 0);
}

/**
 * The Python of an environment that holds the package and what its tests need, kept in node_modules/.cache until dependencies change.
 *
 * @returns undefined where the packages cannot be had
 */
function environment(python: string): string | undefined {
	const version = spawnSync(python, ["--version"], { encoding: "utf8" }).stdout;
	const needs = createHash("sha256")
		.update(version)
		.update(readFileSync(path("pyproject.toml")))
		.digest("hex");
	const folder = path(`../../node_modules/.cache/archgen-python-${needs.slice(0, 12)}`);
	const [program, ready] = [join(folder, "bin", "python"), join(folder, "ready")];
	if (existsSync(ready)) return program;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(join(folder, ".."), { recursive: true });
	const made = spawnSync(python, ["-m", "venv", folder], { encoding: "utf8" });
	if (made.status !== 0) throw new Error(made.stdout + made.stderr);
	const pip = ["-m", "pip", "install", "--quiet", "--retries", "1", "--editable", `${path(".")}[test]`];
	const { status, stderr } = spawnSync(program, pip, { encoding: "utf8" });
	if (status === 0) {
		writeFileSync(ready, "");
		return program;
	}
	rmSync(folder, { recursive: true, force: true });
	if (UNREACHABLE.test(stderr)) return undefined;
	throw new Error(stderr);
}

const python = findPython();
const program = python && environment(python);
if (python === undefined) console.warn("The Python client is not tested: no Python 3.10 or newer with venv.");
else if (program === undefined) console.warn("The Python client is not tested: its packages cannot be had.");

/** Runs a Python program in the client's folder. */
function run(...args: string[]): { readonly status: number | null; readonly output: string } {
	const { ARCHGEN_ADDRESS: _, ...variables } = process.env;
	const { status, stdout, stderr } = spawnSync(program!, args, {
		cwd: path("."),
		encoding: "utf8",
		env: { ...variables, PYTHONDONTWRITEBYTECODE: "1" },
	});
	return { status, output: stdout + stderr };
}

test("the message classes are those of proto/", () => {
	const digest = createHash("sha256");
	const protos = path("../../proto");
	const names = readdirSync(protos, { recursive: true, encoding: "utf8" })
		.map((name) => name.replaceAll("\\", "/"))
		.filter((name) => name.endsWith(".proto"))
		.sort();
	for (const name of names)
		digest
			.update(`${name}\0`)
			.update(readFileSync(join(protos, name)))
			.update("\0");
	expect(
		readFileSync(path("src/archgen/protos.sha256"), "utf8").trim(),
		"proto/ has changed: run `pip install -e 'clients/python[test]'`, then `python clients/python/scripts/generate_stubs.py`",
	).toBe(digest.digest("hex"));
});

test("the version is that of the release", () => {
	const { version } = JSON.parse(readFileSync(path("package.json"), "utf8")) as { version: string };
	expect(readFileSync(path("pyproject.toml"), "utf8")).toContain(`\nversion = "${version}"\n`);
	expect(readFileSync(path("src/archgen/__init__.py"), "utf8")).toContain(`\n__version__ = "${version}"\n`);
});

describe.runIf(program)("with Python", () => {
	test("the message classes are what the generator writes", () => {
		expect(run("scripts/generate_stubs.py", "--check")).toMatchObject({ status: 0 });
	});

	test("types, lint and format hold", () => {
		for (const [module, ...args] of [["mypy"], ["ruff", "check"], ["ruff", "format", "--check"]])
			expect(run("-m", module!, ...args)).toMatchObject({ status: 0 });
	}, 180_000);

	test("the package works against live services", () => {
		const { status, output } = run("-m", "pytest", "-q", "-p", "no:cacheprovider");
		expect(status, output).toBe(0);
		expect(output).toMatch(/\d+ passed/);
	}, 600_000);
});
