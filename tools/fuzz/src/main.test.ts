import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { canRun, runJazzer } from "./jazzer.js";

const MAIN = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const LOADER = process.env.ARCHGEN_FUZZ_LOADER || undefined;

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
	return new Promise((resolve) => {
		execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
			resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
		);
	});
}

function temporaryFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "archgen-test-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

describe("npm run fuzz", () => {
	it("lists readers", async () => {
		const { code, stdout } = await run("--list");
		expect(code).toBe(0);
		expect(stdout.split("\n")).toContain("images/npy");
	});

	it.each([
		[["--second", "1"], "--second"],
		[["--seconds", "none"], "--seconds"],
		[["images/nothing"], "images/nothing"],
		[["--input", "x"], "--input"],
	])("refuses %j", async (args, named) => {
		const { code, stderr } = await run(...args);
		expect(code).toBe(2);
		expect(stderr).toContain(named);
	});

	it("reads one file again", async () => {
		const file = join(temporaryFolder(), "a.npy");
		writeFileSync(file, "no array");
		const { code, stdout } = await run("images/npy", "--input", file);
		expect(stdout).toContain("images/npy reads");
		expect(code).toBe(0);
	});
});

it("finds a planted defect", async ({ skip }) => {
	if (LOADER === undefined && !canRun())
		skip("the native part of Jazzer.js needs glibc 2.38; ARCHGEN_FUZZ_LOADER may name another one");
	const folder = temporaryFolder();
	const target = join(folder, "planted", "target.mjs");
	mkdirSync(join(folder, "planted"));
	writeFileSync(
		target,
		'export function fuzz(b) { if (b.length > 2 && b[0] === 0x66 && b[1] === 0x75 && b[2] === 0x7a) throw new TypeError("planted"); }',
	);
	const report = await runJazzer({
		...{ target, corpus: join(folder, "corpus"), findings: join(folder, "findings", "planted-") },
		...{ code: ["/planted/"], seconds: 60, loader: LOADER },
	});
	expect(report.edges.last).toBeGreaterThan(0);
	expect(report.defect?.what).toContain("planted");
	expect(readFileSync(report.defect!.input!).subarray(0, 3).toString()).toBe("fuz");
});
