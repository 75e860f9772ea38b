import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { REPOSITORY } from "./folder.js";

/** The part of npm's lock file that says what is installed for whom. */
interface Lock {
	readonly packages: Readonly<
		Record<
			string,
			{
				readonly version: string;
				readonly dev?: boolean;
				readonly optional?: boolean;
				readonly devOptional?: boolean;
			}
		>
	>;
}

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-sbom-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function sbom(...flags: string[]) {
	const script = join(REPOSITORY, "tools/scripts/sbom.mjs");
	return spawnSync(process.execPath, [script, "--out", folder, ...flags], { encoding: "utf8" });
}

test("every package that is shipped is listed, and its licence is allowed", () => {
	const { status, stderr } = sbom();
	expect([status, stderr]).toEqual([0, ""]);
	const bill = JSON.parse(readFileSync(join(folder, "archgen.cdx.json"), "utf8"));
	expect(bill).toMatchObject({
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		metadata: { component: { name: "archgen" } },
	});
	const names = (bill.components as { purl: string }[]).map(({ purl }) => decodeURIComponent(purl));
	const { packages } = JSON.parse(readFileSync(join(REPOSITORY, "package-lock.json"), "utf8")) as Lock;
	const shipped = Object.entries(packages).filter(
		([path, { dev, optional, devOptional }]) =>
			path.startsWith("node_modules/") &&
			!path.startsWith("node_modules/@archgen/") &&
			!dev &&
			!optional &&
			!devOptional,
	);
	expect(shipped.length).toBeGreaterThan(150);
	for (const [path, { version }] of shipped)
		expect(names).toContain(`pkg:npm/${path.replace(/^.*node_modules\//, "")}@${version}`);
	expect(names.some((purl) => purl.startsWith("pkg:npm/vitest@"))).toBe(false);
	const references = new Set([
		bill.metadata.component["bom-ref"],
		...bill.components.map((component: Record<string, string>) => component["bom-ref"]),
	]);
	expect(references.size).toBe(bill.components.length + 1);
	for (const { ref, dependsOn } of bill.dependencies as { ref: string; dependsOn: string[] }[])
		for (const one of [ref, ...dependsOn]) expect(references).toContain(one);
	const rpc = bill.dependencies.find(({ ref }: { ref: string }) => ref.startsWith("@archgen/rpc@"));
	expect(rpc.dependsOn).toContainEqual(expect.stringMatching(/^@grpc\/grpc-js@/));
	const lines = readFileSync(join(folder, "licences.csv"), "utf8").trim().split("\n");
	expect(lines).toHaveLength(names.length + 1);
	expect(lines).toContainEqual(expect.stringMatching(/^@grpc\/grpc-js,[\d.]+,Apache-2\.0$/));
});

test("a licence that is not allowed is named with its package, and the command fails", () => {
	const { status, stderr } = sbom("--allow", "MIT", "--allow", "Apache-2.0");
	expect(status).toBe(1);
	expect(stderr).toMatch(/^.+ has the licence (ISC|BSD-3-Clause), which is not allowed\.$/m);
	expect(stderr).not.toContain("the licence MIT");
});

test("a wrong option is exit code 2, --help tells them", () => {
	expect(sbom("--alow", "MIT").status).toBe(2);
	expect(sbom("--help").stdout).toContain("Example: npm run sbom");
});
