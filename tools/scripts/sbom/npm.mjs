// Packages of npm as components and dependencies of a CycloneDX bill of materials, from a lock file: package-lock.json, or node_modules/.package-lock.json,
// in which npm keeps what it has installed.

/**
 * Components and dependencies of what is shipped, by reference (`name@version`). npm's own command (`npm sbom`) leaves out packages that are shipped and
 * that some workspace develops with (@grpc/grpc-js), and one of two versions of a package.
 *
 * @param packages the field of the lock file
 */
export function npmComponents(packages) {
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
	const sorted = [...components].sort(([one], [other]) => (one < other ? -1 : 1));
	return {
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
