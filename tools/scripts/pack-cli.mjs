#!/usr/bin/env node
// Packs the command line as one npm package that installs anywhere: npm run pack:cli [-- --out FOLDER] [-- --check]
//
// The packages of this workspace travel inside it as bundled dependencies, the model bundles and the kept labels beside them; everything else
// comes from the registry. transformers.js travels as well, as its Node build alone: it depends on 140 MB for browsers that Node never loads.
// With --check the package is installed in an empty folder and used.
import { execFileSync } from "node:child_process";
import {
	cpSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = "tools/cli";
/** Folders of a package that are there at run time. */
const SHIPPED = ["dist", "bin", "project"];
/** Libraries of the package that programs may import, as `archgen/NAME`. */
const IMPORTABLE = ["client", "rpc", "wire", "search-space"];
const TRANSFORMERS = "@huggingface/transformers";
const NODE_BUILD = "dist/transformers.node.mjs";

const readJson = (path) => JSON.parse(readFileSync(path, "utf8"));
const writeJson = (path, value) => writeFileSync(path, `${JSON.stringify(value, null, "\t")}\n`);
const megabytes = (bytes) => `${(bytes / 1e6).toFixed(1)} MB`;

/** Folder of each package of the workspace by its name. */
function workspaceFolders() {
	const folders = ["libs", "services", "tools"].flatMap((group) =>
		readdirSync(join(ROOT, group)).map((name) => `${group}/${name}`),
	);
	const packages = folders.filter((folder) => existsSync(join(ROOT, folder, "package.json")));
	return new Map(packages.map((folder) => [readJson(join(ROOT, folder, "package.json")).name, folder]));
}

/** Packages of the workspace that the command line needs, and what all of them need from the registry, with versions. */
function dependenciesOf(folders) {
	const own = new Map();
	const external = {};
	const visit = (name, version) => {
		if (!folders.has(name)) external[name] = version;
		else if (!own.has(name)) {
			own.set(name, version);
			const { dependencies = {} } = readJson(join(ROOT, folders.get(name), "package.json"));
			for (const entry of Object.entries(dependencies)) visit(...entry);
		}
	};
	visit("@archgen/cli");
	own.delete("@archgen/cli");
	return { own, external };
}

/** Copies what a package needs at run time; maps of sources that are not there stay behind. */
function copyPackage(folder, target) {
	mkdirSync(target, { recursive: true });
	const filter = (path) => !/\.(map|tsbuildinfo)$/.test(path);
	for (const part of SHIPPED)
		if (existsSync(join(ROOT, folder, part)))
			cpSync(join(ROOT, folder, part), join(target, part), { recursive: true, filter });
}

/** A manifest without what only a clone needs. */
function runtimeManifest(folder) {
	const {
		devDependencies: _,
		private: __,
		nx: ___,
		scripts: ____,
		...manifest
	} = readJson(join(folder, "package.json"));
	return manifest;
}

/** Copies the Node build of transformers.js and its licence; returns what it needs. */
function copyTransformers(target) {
	const from = join(ROOT, "node_modules", TRANSFORMERS);
	const manifest = runtimeManifest(from);
	const { "onnxruntime-web": _, ...dependencies } = manifest.dependencies;
	for (const file of [NODE_BUILD, "LICENSE"]) cpSync(join(from, file), join(target, file));
	writeJson(join(target, "package.json"), {
		...manifest,
		exports: `./${NODE_BUILD}`,
		dependencies,
	});
	return dependencies;
}

/** Writes the package into a folder. */
function stage(folder) {
	const folders = workspaceFolders();
	const { own, external } = dependenciesOf(folders);
	copyPackage(CLI, join(folder, CLI));
	for (const name of own.keys()) {
		const target = join(folder, "node_modules", name);
		copyPackage(folders.get(name), target);
		writeJson(join(target, "package.json"), runtimeManifest(join(ROOT, folders.get(name))));
	}
	const transformers = copyTransformers(join(folder, "node_modules", TRANSFORMERS));
	const common = readJson(join(ROOT, "node_modules/onnxruntime-common/package.json")).version;
	for (const file of ["LICENSE", "NOTICE"]) cpSync(join(ROOT, file), join(folder, file));
	// A promotion in this checkout is nobody else's.
	const released = (path) => basename(path) !== "labels.json";
	cpSync(join(ROOT, "models"), join(folder, "models"), { recursive: true, filter: released });
	for (const kept of ["labels.jsonl.gz", "graphnet/released-architectures.json"])
		cpSync(join(ROOT, "data", kept), join(folder, "data", kept));
	cpSync(join(ROOT, "tools/scripts/packed-readme.md"), join(folder, "README.md"));
	for (const name of IMPORTABLE)
		for (const end of ["js", "d.ts"])
			writeFileSync(join(folder, `${name}.${end}`), `export * from "@archgen/${name}";\n`);
	const { version, description, license, engines, overrides } = readJson(join(ROOT, "package.json"));
	// Only the root of an installation may override; named as dependencies the same versions are hoisted.
	const pinned = Object.entries(overrides).filter(([, wanted]) => /^\d/.test(wanted));
	writeJson(join(folder, "package.json"), {
		name: "archgen",
		version,
		description,
		license,
		type: "module",
		engines,
		bin: { archgen: `${CLI}/bin/archgen.js` },
		exports: Object.fromEntries(
			IMPORTABLE.map((name) => [`./${name}`, { types: `./${name}.d.ts`, default: `./${name}.js` }]),
		),
		dependencies: {
			...transformers,
			"onnxruntime-common": common,
			...external,
			...Object.fromEntries(pinned),
			...Object.fromEntries(own),
		},
		bundledDependencies: [...own.keys(), TRANSFORMERS],
	});
}

/** Installs a package in an empty folder and uses it as a newcomer would. */
function check(file) {
	const folder = mkdtempSync(join(tmpdir(), "archgen-installed-"));
	const options = { cwd: folder, stdio: ["ignore", "pipe", "inherit"], encoding: "utf8" };
	const environment = { ...process.env, ONNXRUNTIME_NODE_INSTALL: "skip", XDG_STATE_HOME: folder };
	const run = (program, ...args) => execFileSync(program, args, { ...options, env: environment });
	try {
		writeJson(join(folder, "package.json"), { private: true, type: "module" });
		run("npm", "install", "--no-audit", "--no-fund", "--prefer-offline", file);
		const kilobytes = run("du", "-sk", "node_modules").split("\t")[0];
		console.log(`installed: ${megabytes(1024 * Number(kilobytes))}`);
		const ask = "--input 32 --classes 10 --max-mac-count 20M --candidates 2 --top 1 --out answer --json";
		const { networks } = JSON.parse(run("npx", "archgen", "generate", ...ask.split(" ")));
		const counts = JSON.parse(run("npx", "archgen", "count", "--network", "answer/network-1.json", "--json"));
		if (counts.macCount !== networks[0].counts.macCount || counts.macCount > 20e6)
			throw new Error(`The installed command counts ${counts.macCount} multiply-accumulates.`);
		writeFileSync(
			join(folder, "use.js"),
			'import { createClient, orchestrator } from "archgen/rpc";\nconst { OrchestratorServiceService: service } = orchestrator;\ncreateClient(service, { address: "127.0.0.1:1" }).close();\n',
		);
		run("node", "use.js");
		console.log(
			`works: ${networks[0].counts.macCount} multiply-accumulates generated and counted, archgen/rpc imported`,
		);
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

const { values } = parseArgs({
	options: { out: { type: "string", default: join(ROOT, "dist") }, check: { type: "boolean" } },
});
const staging = mkdtempSync(join(tmpdir(), "archgen-pack-"));
try {
	stage(staging);
	const out = resolve(values.out);
	mkdirSync(out, { recursive: true });
	const packed = execFileSync("npm", ["pack", "--json", "--pack-destination", out], {
		cwd: staging,
		encoding: "utf8",
	});
	const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(packed);
	const file = join(out, filename);
	console.log(`${file}: ${megabytes(size)}, unpacked ${megabytes(unpackedSize)}, ${entryCount} files`);
	if (values.check) check(file);
} finally {
	rmSync(staging, { recursive: true, force: true });
}
