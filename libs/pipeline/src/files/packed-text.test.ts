import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.js";
import { packText, readText } from "./packed-text.js";

const TEXT = '{"a":1}\n{"a":2}\n'.repeat(100);

async function packed(): Promise<string> {
	const path = join(temporaryFolder(), "new", "labels.jsonl.gz");
	await packText(path, TEXT);
	return path;
}

test("what was packed comes out again, in fewer bytes, the same every time", async () => {
	const path = await packed();
	expect(await readText(path)).toBe(TEXT);
	const bytes = readFileSync(path);
	expect(bytes.length).toBeLessThan(TEXT.length / 10);
	expect(readFileSync(await packed()).equals(bytes)).toBe(true);
});

test("the checksum is one that sha256sum understands", async () => {
	const path = await packed();
	const cwd = join(path, "..");
	expect(execFileSync("sha256sum", ["-c", "labels.jsonl.gz.sha256"], { cwd, encoding: "utf8" })).toContain(
		"OK",
	);
});

test("a flipped bit is refused by the name of the file, and so is a checksum that is gone", async () => {
	const path = await packed();
	const bytes = readFileSync(path);
	bytes[20]! ^= 1;
	writeFileSync(path, bytes);
	await expect(readText(path)).rejects.toMatchObject({
		reason: "CHECKSUM_MISMATCH",
		message: expect.stringContaining(path),
	});
	rmSync(`${path}.sha256`);
	await expect(readText(path)).rejects.toMatchObject({ reason: "CHECKSUM_MISSING" });
});
