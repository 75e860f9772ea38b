import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";

const PAGE = fileURLToPath(new URL("../dist/page/", import.meta.url));
const MOST_BYTES = 300_000;

const files = readdirSync(PAGE, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
const text = (entry: (typeof files)[number]) => readFileSync(`${entry.parentPath}/${entry.name}`);

test("the page is smaller than 300 kB, compressed", () => {
	const bytes = files.reduce((total, file) => total + gzipSync(text(file)).length, 0);
	expect(files.map(({ name }) => name)).toContain("index.html");
	expect(bytes).toBeLessThan(MOST_BYTES);
});

test("the document has no inline script or style and names no other origin", () => {
	const html = readFileSync(`${PAGE}index.html`, "utf8");
	expect(html).toMatch(/<script [^>]*src="\.\//);
	expect(html).not.toMatch(/<script(?![^>]*\ssrc=)/);
	expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/);
	expect(html).not.toMatch(/(src|href)="(?!\.\/)/);
});
