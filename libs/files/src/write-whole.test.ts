import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { appendWhole, writeWhole } from "./write-whole.js";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-write-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what was written is read, over older content and through links", async () => {
	const [path, link] = [join(folder, "whole"), join(folder, "link")];
	symlinkSync(path, link);
	await fc.assert(
		fc.asyncProperty(fc.uint8Array(), fc.string(), async (bytes, text) => {
			await writeWhole(path, bytes);
			expect(new Uint8Array(readFileSync(path))).toEqual(bytes);
			await writeWhole(link, "");
			await appendWhole(link, text);
			expect(readFileSync(path, "utf8")).toBe(Buffer.from(text).toString("utf8"));
		}),
		{ numRuns: 30 },
	);
	await writeWhole("/dev/null", "gone");
	expect(readdirSync(folder).sort()).toEqual(["link", "whole"]);
});

test.skipIf(process.platform !== "linux")("a device without room is named", async () => {
	await expect(writeWhole("/dev/full", "x")).rejects.toMatchObject({
		reason: "DISK_FULL",
		message: "/dev/full cannot be written: the disk is full; make room and try again.",
	});
});

test("a full disk is named with the file and leaves nothing, where one can be made", async ({ skip }) => {
	const disk = mkdtempSync(join(tmpdir(), "archgen-full-"));
	try {
		execFileSync("mount", ["-t", "tmpfs", "-o", "size=64k", "archgen-test", disk], { stdio: "pipe" });
	} catch {
		rmSync(disk, { recursive: true });
		skip("file systems cannot be mounted here");
	}
	try {
		const path = join(disk, "kept.json");
		await writeWhole(path, "{}\n");
		const refused = { reason: "DISK_FULL", message: expect.stringContaining(path) };
		await expect(writeWhole(path, Buffer.alloc(100_000))).rejects.toMatchObject(refused);
		await expect(appendWhole(path, "x".repeat(100_000))).rejects.toMatchObject(refused);
		expect(readdirSync(disk)).toEqual(["kept.json"]);
		expect(readFileSync(path, "utf8")).toBe("{}\n");
	} finally {
		execFileSync("umount", [disk]);
		rmSync(disk, { recursive: true });
	}
});

test("a folder in the place of the file is named", async () => {
	await expect(writeWhole(folder, "x")).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
		reason: "NOT_WRITABLE",
		message: expect.stringContaining(folder),
	});
});
