#!/usr/bin/env node
// The check of a change: lint, build, types of the tests, tests; with --all also the API reference and the tests of files named
// `*.slow.test.ts`, of whole programs, browsers and trainings. Other arguments are vitest's. Ends with one line "N passed, N failed" and exits non-zero when anything failed; a step
// before the tests counts as one failure.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);

/** Files and headings that documents name must be there. */
const LINKS = [
	".",
	"--ignore-path",
	".gitignore",
	"--quiet",
	"--no-stdout",
	"--frail",
	"--use",
	"validate-links=repository:false",
];
const STEPS = [
	["lint", bin("biome"), ["check", "."]],
	["links of the documentation", bin("remark"), LINKS],
	["protocol lint", bin("buf"), ["lint"]],
	["module boundaries", process.execPath, [join(root, "tools/scripts/check-boundaries.mjs")]],
	["import circles", process.execPath, [join(root, "tools/scripts/check-cycles.mjs")]],
	["build", "npm", ["run", "--silent", "build"]],
	["unused exports and files", bin("knip"), ["--no-progress", "--no-config-hints"]],
	["imports of programs", process.execPath, [join(root, "tools/scripts/check-imports.mjs")]],
	["types of the page", bin("tsc"), ["-p", "services/web/page/tsconfig.json"]],
	["types of the tests", bin("tsc"), ["-p", "tsconfig.tests.json", "--noEmit"]],
];
const SLOW_STEPS = [["API reference", "npm", ["run", "--silent", "docs:api", "--", "--emit", "none"]]];

/** Runs a program in the repository's root; true when it succeeded. */
function run(title, program, args) {
	const began = Date.now();
	process.stdout.write(`\n== ${title}\n`);
	const { status, error } = spawnSync(program, args, { cwd: root, stdio: "inherit" });
	if (error) process.stdout.write(`${error.message}\n`);
	process.stdout.write(
		`== ${title}: ${status === 0 ? "ok" : "FAILED"} after ${Math.round((Date.now() - began) / 1000)} s\n`,
	);
	return status === 0;
}

/** Runs all tests and reads how they went; a file that could not be loaded counts as a failure. */
function runTests(extra) {
	const folder = mkdtempSync(join(tmpdir(), "archgen-tests-"));
	const report = join(folder, "report.json");
	const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
	const ok = run("tests", bin("vitest"), ["run", ...reporters, ...extra]);
	try {
		const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, "utf8"));
		const broken = testResults.filter(
			(file) => file.status === "failed" && file.assertionResults.length === 0,
		).length;
		const failed = numFailedTests + broken;
		return { passed: numPassedTests, failed: failed === 0 && !ok ? 1 : failed };
	} catch {
		return { passed: 0, failed: 1 };
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const given = process.argv.slice(2);
const isAll = given.includes("--all");
const brokenSteps = [...STEPS, ...(isAll ? SLOW_STEPS : [])].filter((step) => !run(...step)).length;
const { passed, failed } = runTests(
	isAll ? given.filter((argument) => argument !== "--all") : ["--exclude", "**/*.slow.test.ts", ...given],
);
const failures = failed + brokenSteps;
process.stdout.write(`\n${passed} passed, ${failures} failed\n`);
process.exitCode = failures === 0 ? 0 : 1;
