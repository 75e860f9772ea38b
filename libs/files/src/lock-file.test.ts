import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockFile, withFileLock } from "./lock-file.js";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-lock-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a file has one writer at a time, and the next one after it", async () => {
	const path = join(folder, "new", "history.jsonl");
	const lock = await lockFile(path);
	await expect(lockFile(path)).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
		reason: "FILE_LOCKED",
		message: expect.stringContaining(path),
	});
	lock.check();
	await lock.release();
	await lock.release();
	expect(await withFileLock(path, undefined, async () => existsSync(`${path}.lock`))).toBe(true);
	expect(existsSync(`${path}.lock`)).toBe(false);
});

test("a lock is given back when the work fails", async () => {
	const path = join(folder, "x");
	const failing = withFileLock(path, undefined, () => Promise.reject(new Error("no")));
	await expect(failing).rejects.toThrow("no");
	await (await lockFile(path)).release();
});

test("a lock that nobody touches any more is taken over", async () => {
	const path = join(folder, "x");
	mkdirSync(`${path}.lock`);
	const longAgo = new Date(Date.now() - 60_000);
	utimesSync(`${path}.lock`, longAgo, longAgo);
	await (await lockFile(path)).release();
});

test("waiting for a lock that may be dead ends with the signal", async () => {
	const path = join(folder, "x");
	mkdirSync(`${path}.lock`);
	await expect(lockFile(path, AbortSignal.timeout(100))).rejects.toMatchObject({ category: "CANCELLED" });
});

test("another process is kept out", async () => {
	const path = join(folder, "x");
	const lock = await lockFile(path);
	const program = `import(${JSON.stringify(new URL("../dist/index.js", import.meta.url).href)}).then(({ lockFile }) => lockFile(${JSON.stringify(path)})).then(() => process.exit(0), (error) => { console.log(error.reason); process.exit(1); })`;
	const child = spawn(process.execPath, ["-e", program]);
	let said = "";
	child.stdout.on("data", (chunk) => (said += String(chunk)));
	expect(await new Promise((resolve) => child.on("exit", resolve))).toBe(1);
	expect(said.trim()).toBe("FILE_LOCKED");
	await lock.release();
});
