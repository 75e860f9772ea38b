import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";

const path = (relative: string) => fileURLToPath(new URL(`../${relative}`, import.meta.url));
const VERSION_CHECK = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";
/** What pip says where it reaches no package index. */
const UNREACHABLE =
	/NewConnectionError|Max retries exceeded|Could not fetch URL|Temporary failure|No matching distribution/;

/** Time that packages may take to arrive, in milliseconds. */
const INSTALL_MS = 300_000;

interface Ended {
	readonly status: number;
	readonly output: string;
}

/** Runs a program to its end. */
async function run(program: string, args: readonly string[], timeout = 600_000): Promise<Ended> {
	const { ARCHGEN_ADDRESS: _, ...variables } = process.env;
	const env = { ...variables, PYTHONDONTWRITEBYTECODE: "1" };
	try {
		const { stdout, stderr } = await promisify(execFile)(program, args, { cwd: path("."), env, timeout });
		return { status: 0, output: stdout + stderr };
	} catch (failure) {
		const { stdout = "", stderr = "", killed } = failure as Partial<Ended> & Record<string, string | boolean>;
		return { status: killed ? 124 : 1, output: `${stdout}${stderr}` };
	}
}

/** A Python of 3.10 or newer that can make environments; ARCHGEN_PYTHON, or python3. */
async function findPython(): Promise<string | undefined> {
	for (const name of [process.env.ARCHGEN_PYTHON, "python3"])
		if (name !== undefined && (await run(name, ["-c", VERSION_CHECK])).status === 0) return name;
	return undefined;
}

/**
 * The Python of an environment that holds the package and what its tests need, kept in node_modules/.cache until dependencies change.
 *
 * @returns undefined where the packages cannot be had, or not within five minutes
 */
async function environment(python: string): Promise<string | undefined> {
	const { output: version } = await run(python, ["--version"]);
	const needs = createHash("sha256")
		.update(version)
		.update(readFileSync(path("pyproject.toml")))
		.digest("hex");
	const folder = path(`../../node_modules/.cache/archgen-python-${needs.slice(0, 12)}`);
	const [program, ready] = [join(folder, "bin", "python"), join(folder, "ready")];
	if (existsSync(ready)) return program;
	rmSync(folder, { recursive: true, force: true });
	mkdirSync(join(folder, ".."), { recursive: true });
	const made = await run(python, ["-m", "venv", folder]);
	if (made.status !== 0) throw new Error(made.output);
	const pip = ["-m", "pip", "install", "--quiet", "--retries", "1", "--editable", `${path(".")}[test]`];
	const { status, output } = await run(program, pip, INSTALL_MS);
	if (status === 0) {
		writeFileSync(ready, "");
		return program;
	}
	rmSync(folder, { recursive: true, force: true });
	if (status === 124 || UNREACHABLE.test(output)) return undefined;
	throw new Error(output);
}

const python = await findPython();
const program = python && (await environment(python));
if (python === undefined) console.warn("The Python client is not tested: no Python 3.10 or newer with venv.");
else if (program === undefined) console.warn("The Python client is not tested: its packages cannot be had.");

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
	test("the message classes are what the generator writes", async () => {
		expect(await run(program!, ["scripts/generate_stubs.py", "--check"])).toMatchObject({ status: 0 });
	}, 120_000);

	test("types, lint and format hold", async () => {
		for (const check of [["mypy"], ["ruff", "check"], ["ruff", "format", "--check"]])
			expect(await run(program!, ["-m", ...check])).toMatchObject({ status: 0 });
	}, 300_000);

	test("the package works against live services", async () => {
		const { status, output } = await run(program!, ["-m", "pytest", "-q", "-p", "no:cacheprovider"]);
		expect(status, output).toBe(0);
		expect(output).toMatch(/\d+ passed/);
	}, 600_000);
});
