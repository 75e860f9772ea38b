import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
/** Below the command line, where what the package takes from the registry is found; its own parts come first. */
const FOLDER = join(ROOT, "tools/cli/node_modules/.cache/archgen-packed");
const PACKAGE = join(FOLDER, "package");

beforeAll(() => {
	rmSync(FOLDER, { recursive: true, force: true });
	mkdirSync(FOLDER, { recursive: true });
	execFileSync(process.execPath, [join(ROOT, "tools/scripts/pack-cli.mjs"), "--out", FOLDER]);
	const [file] = readdirSync(FOLDER);
	execFileSync("tar", ["-xzf", file!], { cwd: FOLDER });
});
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }), 60_000);

function packed(...args: string[]): unknown {
	const { ARCHGEN_MODELS: _, ...env } = process.env;
	const program = join(PACKAGE, "tools/cli/bin/archgen.js");
	return JSON.parse(
		execFileSync(process.execPath, [program, ...args, "--json"], { cwd: FOLDER, env, encoding: "utf8" }),
	);
}

test("the packed command line holds its model and answers with it", () => {
	expect(packed("models", "verify")).toBeTruthy();
	const answer = packed(
		...["generate", "--input", "32", "--classes", "10", "--max-mac-count", "20M", "--candidates", "2"],
		...["--skip-scoring", "--workers", "1", "--out", "answer"],
	);
	const { networks } = answer as { networks: { counts: { macCount: number } }[] };
	expect(networks[0]!.counts.macCount).toBeLessThanOrEqual(20e6);
	expect(packed("count", "--network", "answer/network-1.json")).toMatchObject(networks[0]!.counts);
});

test("each package of the workspace that the packed ones name is packed", () => {
	const folder = join(PACKAGE, "node_modules/@archgen");
	const there = readdirSync(folder);
	const named = there.flatMap((name) => {
		const text = readFileSync(join(folder, name, "package.json"), "utf8");
		return Object.keys((JSON.parse(text) as { dependencies?: object }).dependencies ?? {});
	});
	const own = named
		.filter((name) => name.startsWith("@archgen/"))
		.map((name) => name.slice("@archgen/".length));
	expect(own.length).toBeGreaterThan(50);
	expect(own.filter((name) => !there.includes(name))).toEqual([]);
});
