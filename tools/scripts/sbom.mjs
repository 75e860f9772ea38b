#!/usr/bin/env node
// Writes what the product is made of: a CycloneDX bill of materials and a list of licences, by the lock file. Ends with 1 when a package has a licence
// that is not allowed. `npm run sbom -- --help` says how.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
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
		name: /^@img\/sharp-/,
		licence: "LGPL-3.0-or-later",
		why: "libvips, a shared library, loaded as it is and exchangeable",
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
 * The bill of materials of what `npm ci --omit=dev` installs, from the lock file. npm's own command leaves out packages that are shipped and that some
 * workspace develops with (@grpc/grpc-js), and one of two versions of a package.
 */
function billOfMaterials() {
	const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
	const isShipped = ([path, { dev, link }]) => path !== "" && !dev && !link && !isDevelopment(path);
	const shipped = Object.entries(packages).filter(isShipped);
	const referenceOf = (path) => {
		const entry = packages[path];
		return entry.link ? referenceOf(entry.resolved) : `${nameOf(path, entry)}@${entry.version}`;
	};
	const components = new Map(shipped.map(([path, entry]) => [referenceOf(path), componentOf(path, entry)]));
	const edges = shipped.map(([path, { dependencies, optionalDependencies, peerDependencies }]) => {
		const wanted = Object.keys({ ...peerDependencies, ...optionalDependencies, ...dependencies });
		const found = wanted.map((name) => locate(packages, path, name)).filter((at) => at !== undefined);
		const dependsOn = [...new Set(found.map(referenceOf))].filter((reference) => components.has(reference));
		return { ref: referenceOf(path), dependsOn: dependsOn.sort() };
	});
	const { name, version, license } = packages[""];
	const project = { type: "application", "bom-ref": `${name}@${version}`, name, version };
	const sorted = [...components].sort(([one], [other]) => (one < other ? -1 : 1));
	return {
		bomFormat: "CycloneDX",
		specVersion: "1.5",
		version: 1,
		metadata: { component: { ...project, licenses: [{ license: { id: license } }] } },
		components: sorted.map(([, component]) => component),
		dependencies: [...new Map(edges.map((edge) => [edge.ref, edge])).values()],
	};
}

/** Workspaces that check, document or show; nobody needs them to run the product. */
function isDevelopment(path) {
	return /^(?:tools\/(?:api-docs|chaos|deploy-checks)|examples)(?:\/|$)/.test(path);
}

/** Where Node finds a package that one at `path` asks for: in its own folder of packages, then in those around it. */
function locate(packages, path, name) {
	for (let folder = path; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf("/")))) {
		const place = folder === "" ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
		if (packages[place] !== undefined) return place;
		if (folder === "") return undefined;
	}
}

function nameOf(path, { name }) {
	return name ?? path.replace(/^.*node_modules\//, "");
}

function componentOf(path, entry) {
	const { version, license, integrity, optional } = entry;
	const name = nameOf(path, entry);
	// Our own packages have the licence of the repository.
	const licence = license ?? (name.startsWith("@archgen/") ? "Apache-2.0" : "NONE");
	const [algorithm, digest] = integrity?.split("-") ?? [];
	return {
		type: "library",
		"bom-ref": `${name}@${version}`,
		name,
		version,
		scope: optional ? "optional" : "required",
		purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
		licenses: [licence.includes(" ") ? { expression: licence } : { license: { id: licence } }],
		...(algorithm === "sha512" && {
			hashes: [{ alg: "SHA-512", content: Buffer.from(digest, "base64").toString("hex") }],
		}),
	};
}

/** The licence of a component as one expression. */
function licenceOf({ name, version, licenses: [{ license, expression }] }) {
	return { name, version, licence: expression ?? license.id };
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
