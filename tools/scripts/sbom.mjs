#!/usr/bin/env node
// Writes what the product is made of: a CycloneDX bill of materials and a list of licences, by the lock file. Ends with 1 when a package has a licence
// that is not allowed. `npm run sbom -- --help` says how.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { imageComponents } from "./sbom/image.mjs";
import { npmComponents } from "./sbom/npm.mjs";

const HELP = `Usage: npm run sbom -- [--out FOLDER] [--allow LICENCE]...

Writes archgen.cdx.json (CycloneDX 1.5) and licences.csv of all packages that the product needs, without those of development, and checks their licences.

  --out FOLDER     where to write (default runs/sbom)
  --image FOLDER   tells what the file system of an image holds (unpacked or mounted there) instead, packages of the distribution included;
                   deploy/build-images.sh does so for each image
  --name NAME      of the files and in them (default archgen); with --image the licences are in NAME.licences.csv
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
		name: /^@img\/sharp-/,
		licence: "LGPL-3.0-or-later",
		why: "libvips, a shared library, loaded as it is and exchangeable",
	},
	{
		name: /^npm$/,
		licence: "Artistic-2.0",
		why: "the package manager in the image of Node, a program beside ours",
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
	const bill = billOfMaterials(options);
	const licences = bill.components.map(licenceOf);
	mkdirSync(options.out, { recursive: true });
	const table = licences.map(({ name, version, licence }) => `${name},${version},${quoted(licence)}\n`);
	const files = {
		[`${options.name}.cdx.json`]: `${JSON.stringify(bill, null, "\t")}\n`,
		[options.image === undefined ? "licences.csv" : `${options.name}.licences.csv`]:
			`package,version,licence\n${table.join("")}`,
	};
	for (const [name, text] of Object.entries(files)) writeFileSync(join(options.out, name), text);
	// The distribution's own packages are programs beside ours, under the licences of every such image: told, not held to the list.
	const refused = licences.filter(
		({ ofSystem, ...component }) => !ofSystem && !isAllowed(component, options.allow),
	);
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
		image: { type: "string" },
		name: { type: "string", default: "archgen" },
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

/** The bill of materials of what `npm ci --omit=dev` installs; with `image`, of what the file system there holds. */
function billOfMaterials({ image, name }) {
	const { packages } = readLock();
	const { components, dependencies } = image === undefined ? npmComponents(packages) : imageComponents(image);
	const { version, license } = packages[""];
	const component = {
		type: image === undefined ? "application" : "container",
		"bom-ref": `${name}@${version}`,
		name,
		version,
	};
	return {
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		version: 1,
		metadata: { component: { ...component, licenses: [{ license: { id: license } }] } },
		components,
		dependencies,
	};
}

function readLock() {
	return JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
}

/** The licence of a component as one expression. */
function licenceOf({ name, version, purl, licenses }) {
	const licence = licenses
		.map(({ license, expression }) => expression ?? license.id ?? license.name)
		.join("; ");
	return { name, version, licence, ofSystem: purl.startsWith("pkg:deb/") };
}

/** A field of a CSV file. */
function quoted(text) {
	return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** True for an allowed licence, or an expression such as `(MIT OR GPL-3.0)` of which one alternative is. */
function isAllowed({ name, licence }, allowed) {
	const extra = EXCEPTIONS.filter((exception) => exception.name.test(name)).map(
		(exception) => exception.licence,
	);
	const known = [...allowed, ...extra];
	const alternatives = licence.replaceAll(/[()]/g, "").split(" OR ");
	return alternatives.some((alternative) => alternative.split(" AND ").every((part) => known.includes(part)));
}
