#!/usr/bin/env node
// Writes what the product is made of: a CycloneDX bill of materials and a list of licences, from what is installed. Ends with 1 when a package has a licence
// that is not allowed. `npm run sbom -- --help` says how.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const HELP = `Usage: npm run sbom -- [--out FOLDER] [--allow LICENCE]...

Writes archgen.cdx.json (CycloneDX 1.5) and licences.csv of all packages that the product needs, without those of development, and checks their licences.

  --out FOLDER     where to write (default runs/sbom)
  --allow LICENCE  licences (SPDX) to allow instead of the usual ones; may be repeated

Example: npm run sbom -- --out /tmp/sbom
Exit codes: 0 all licences are allowed, 1 not so, 2 a wrong option.
`;

/** Licences (SPDX) that ask for no more than their text and the names of the authors. */
const ALLOWED = [
	"0BSD",
	"Apache-2.0",
	"BlueOak-1.0.0",
	"BSD-2-Clause",
	"BSD-3-Clause",
	"CC0-1.0",
	"ISC",
	"MIT",
	"Unlicense",
];
/** Packages allowed under another licence, and why. */
const EXCEPTIONS = [
	{
		name: /^@img\/sharp-libvips-/,
		licence: "LGPL-3.0-or-later",
		why: "a shared library, loaded as it is and exchangeable",
	},
];

const root = fileURLToPath(new URL("../..", import.meta.url));
process.exitCode = main();

function main() {
	const options = readOptions();
	if (options === undefined) return 2;
	if (options.help) {
		process.stdout.write(HELP);
		return 0;
	}
	const bill = billOfMaterials();
	const licences = bill.components.map(licenceOf);
	mkdirSync(options.out, { recursive: true });
	const files = {
		"archgen.cdx.json": `${JSON.stringify(bill, null, "\t")}\n`,
		"licences.csv": `package,version,licence\n${licences.map(({ name, version, licence }) => `${name},${version},${licence}\n`).join("")}`,
	};
	for (const [name, text] of Object.entries(files)) writeFileSync(join(options.out, name), text);
	const refused = licences.filter((component) => !isAllowed(component, options.allow));
	for (const { name, version, licence } of refused)
		process.stderr.write(`${name} ${version} has the licence ${licence}, which is not allowed.\n`);
	process.stdout.write(
		`${licences.length} packages, ${refused.length} with a licence that is not allowed: ${options.out}\n`,
	);
	return refused.length === 0 ? 0 : 1;
}

function readOptions() {
	const settings = {
		out: { type: "string", default: join(root, "runs", "sbom") },
		allow: { type: "string", multiple: true, default: ALLOWED },
		help: { type: "boolean", short: "h", default: false },
	};
	try {
		return parseArgs({ options: settings }).values;
	} catch (failure) {
		process.stderr.write(`sbom: ${failure.message}\n`);
		return undefined;
	}
}

/**
 * What npm says, in a fixed order, with the name of the project instead of that of its folder. Packages of development are left out here: with
 * `--omit=dev` npm itself leaves out every package that any workspace also develops with, such as @grpc/grpc-js.
 */
function billOfMaterials() {
	const { stdout, status, stderr } = spawnSync("npm", ["sbom", "--sbom-format=cyclonedx"], {
		cwd: root,
		encoding: "utf8",
		maxBuffer: 2 ** 28,
	});
	if (status !== 0) throw new Error(`npm sbom failed: ${stderr}`);
	const bill = JSON.parse(stdout);
	const { component } = bill.metadata;
	component.name = component["bom-ref"].replace(/@[^@]*$/, "");
	const components = bill.components
		.filter(({ properties = [] }) => !properties.some(({ name }) => name === "cdx:npm:package:development"))
		.sort((a, b) => (a["bom-ref"] < b["bom-ref"] ? -1 : 1));
	const kept = new Set([component["bom-ref"], ...components.map((one) => one["bom-ref"])]);
	const dependencies = bill.dependencies
		.filter(({ ref }) => kept.has(ref))
		.map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((other) => kept.has(other)) }));
	return { ...bill, components, dependencies };
}

/** Our own packages have the licence of the repository. */
function licenceOf({ purl, version, licenses = [] }) {
	const name = decodeURIComponent(purl.slice("pkg:npm/".length).replace(/@[^@]*$/, ""));
	const named = licenses.map(({ license, expression }) => expression ?? license.id ?? license.name);
	const own = name.startsWith("@archgen/") ? "Apache-2.0" : "NONE";
	return { name, version, licence: named.length === 0 ? own : named.join(" AND ") };
}

/** True for an allowed licence, or an expression such as `(MIT OR GPL-3.0)` of which one alternative is. */
function isAllowed({ name, licence }, allowed) {
	if (EXCEPTIONS.some((exception) => exception.name.test(name) && exception.licence === licence)) return true;
	const alternatives = licence.replaceAll(/[()]/g, "").split(" OR ");
	return alternatives.some((alternative) =>
		alternative.split(" AND ").every((part) => allowed.includes(part)),
	);
}
