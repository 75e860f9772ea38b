import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../testing/temporary-folder.js";
import { appendJsonLine, readJsonLines, repairJsonLines, startJsonLines } from "./json-lines.js";

test("a missing file has no lines", async () => {
	expect(await readJsonLines(join(temporaryFolder(), "none.jsonl"))).toEqual({ lines: [], repaired: false });
});

test("wherever a write was cut off, the complete lines stay and appending goes on cleanly", async () => {
	const path = join(temporaryFolder(), "data.jsonl");
	await startJsonLines(path, { header: "ä" });
	await appendJsonLine(path, { row: 1 });
	const complete = readFileSync(path);
	const next = Buffer.from('{"row":"zwei ü"}\n');
	await fc.assert(
		fc.asyncProperty(fc.integer({ min: 0, max: next.length - 1 }), async (cut) => {
			writeFileSync(path, Buffer.concat([complete, next.subarray(0, cut)]));
			const { lines, repaired } = await repairJsonLines(path);
			expect(lines).toEqual([{ header: "ä" }, { row: 1 }]);
			expect(repaired).toBe(cut > 0);
			await appendJsonLine(path, { row: 2 });
			expect((await readJsonLines(path)).lines).toHaveLength(3);
		}),
		{ numRuns: 20 },
	);
});

test("a complete line that is no JSON is named", async () => {
	const path = join(temporaryFolder(), "data.jsonl");
	await startJsonLines(path, {});
	appendFileSync(path, "nonsense\n");
	await expect(readJsonLines(path)).rejects.toMatchObject({ reason: "JSON_LINE_INVALID", message: /line 2/ });
});
