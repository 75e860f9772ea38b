// What the file system of an image holds, as a CycloneDX bill of materials: packages of npm below /app, packages of the distribution, Node and its npm.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { npmComponents } from "./npm.mjs";

/** Components and dependencies of the image that is unpacked or mounted at `root`. */
export function imageComponents(root) {
	const { packages } = JSON.parse(readFileSync(join(root, "app/node_modules/.package-lock.json"), "utf8"));
	// The lock file also names workspaces and packages of other platforms, which are not copied.
	const present = Object.entries(packages).filter(([path]) => existsSync(join(root, "app", path)));
	const { components, dependencies } = npmComponents(Object.fromEntries(present));
	return { components: [...components, ...nodeComponents(root), ...debianComponents(root)], dependencies };
}

/** Node and npm, which lie where npm keeps what it installs for all. */
function nodeComponents(root) {
	const modules = join(root, "usr/local/lib/node_modules");
	const npm = existsSync(modules) ? readdirSync(modules).map((name) => packageAt(join(modules, name))) : [];
	return npm.map(({ name, version, license }) => ({
		type: "application",
		"bom-ref": `image:${name}@${version}`,
		name,
		version,
		purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
		licenses: [{ license: { id: license } }],
	}));
}

function packageAt(folder) {
	return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
}

/** Packages of Debian or Ubuntu, from the status file of dpkg. */
function debianComponents(root) {
	const distribution = /^ID=(\w+)$/m.exec(readFileSync(join(root, "etc/os-release"), "utf8"))[1];
	const status = readFileSync(join(root, "var/lib/dpkg/status"), "utf8");
	return status
		.split("\n\n")
		.map((paragraph) => [...paragraph.matchAll(/^([A-Z][\w-]*): (.*)$/gm)])
		.map((fields) => Object.fromEntries(fields.map(([, field, value]) => [field, value])))
		.filter(({ Status }) => Status === "install ok installed")
		.map(({ Package, Version, Architecture }) => ({
			type: "library",
			"bom-ref": `deb:${Package}@${Version}`,
			name: Package,
			version: Version,
			purl: `pkg:deb/${distribution}/${Package}@${encodeURIComponent(Version)}?arch=${Architecture}`,
			licenses: debianLicences(root, Package),
		}));
}

/** The licences that a package's copyright file names in the machine-readable form; else the place where it tells them in words. */
function debianLicences(root, name) {
	const place = `usr/share/doc/${name}/copyright`;
	const text = existsSync(join(root, place)) ? readFileSync(join(root, place), "utf8") : "";
	const names = [...text.matchAll(/^License:[ \t]*(\S.*)$/gm)].map(([, licence]) => licence.trim());
	const unique = [...new Set(names)].sort();
	return (unique.length > 0 ? unique : [`see /${place}`]).map((licence) => ({ license: { name: licence } }));
}
