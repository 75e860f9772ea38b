import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseHistory, recordToLine } from "@archgen/evolution";
import { createRandom } from "@archgen/random";
import { cellToJson } from "@archgen/search-space";
import { expect, test } from "vitest";
import { temporaryFolder } from "../testing/temporary-folder.js";
import { readText } from "./files/packed-text.js";
import { drawCells } from "./labels/draw-cells.js";
import { KEPT_LABELS } from "./labels/kept-labels.js";
import { packLabels, readLabels } from "./labels/label-file.js";
import { fingerprint } from "./training/workspace.js";

const DATA = fileURLToPath(new URL("../../../data", import.meta.url));

test("kept labels that are read and written again are the same bytes", async () => {
	const again = join(temporaryFolder(), "labels.jsonl.gz");
	await packLabels(again, await readLabels(KEPT_LABELS));
	expect(await readText(again)).toBe(await readText(KEPT_LABELS));
});

test("kept histories are read as before and written in today's form", async () => {
	const files = readdirSync(join(DATA, "histories")).filter((name) => name.endsWith(".gz"));
	expect(files).toContain("cells-imagenet-450m-s0.jsonl.gz");
	for (const file of files) {
		const path = join(DATA, "histories", file);
		const sha256 = createHash("sha256").update(readFileSync(path)).digest("hex");
		expect(readFileSync(`${path}.sha256`, "utf8")).toBe(`${sha256}  ${file}\n`);
	}
	const records = parseHistory(await readText(join(DATA, "histories", "cifar-50m.jsonl.gz")));
	const text = records.map((record) => `${recordToLine(record)}\n`).join("");
	expect(parseHistory(text)).toEqual(records);
	expect(fingerprint(text)).toMatchInlineSnapshot(
		`"2e6138d40821ca34534338de86a1cecbb7c4ce46a2e3e39b2479334fff1cc183"`,
	);
});

test("the cells that archgen label draws and the digests of inputs are those of every release", () => {
	const cells = [...drawCells(createRandom(0).fork("cells"), 3)];
	expect(cells.map(({ index, cell }) => [index, cell.hash])).toMatchInlineSnapshot(`
		[
		  [
		    0,
		    "901d0330708",
		  ],
		  [
		    1,
		    "081981004105c913a",
		  ],
		  [
		    2,
		    "b8198307",
		  ],
		]
	`);
	expect(
		fingerprint(
			"gvae",
			cells.map(({ cell }) => cellToJson(cell)),
			new Uint8Array([1, 2]),
		),
	).toMatchInlineSnapshot(`"a14368ab6e5eec8c243912920d158baba8272dae573cc93041f5bd79b8fd2327"`);
});
