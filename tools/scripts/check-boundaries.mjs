// Fails when a package depends on one that its layer may not know. Layers are the `layer:` tags in package.json; the
// dependencies are those of the Nx project graph, which reads package.json files; imports that these do not declare fail as well.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Layer → layers it may depend on. */
const ALLOWED = {
	// the science: pure, without gRPC
	lib: ["lib"],
	// computations that read and write files, keep time and run worker processes, without gRPC
	workflow: ["lib", "workflow"],
	// protocol types, server and client kit
	transport: ["lib", "transport"],
	// calls of the services from outside
	client: ["lib", "workflow", "transport", "client"],
	service: ["lib", "workflow", "transport"],
	tool: ["lib", "workflow", "transport", "client", "service", "tool"],
};
/** npm packages that only some layers may import. */
const RESTRICTED = { "@grpc/": ["transport", "service", "tool"], "grpc-health-check": ["transport"] };

/** A module inside a service, seen from outside: a path below its package or its folder. */
const INSIDE_OF_SERVICE = /from\s+"(?:@archgen\/[\w-]+-service\/|(?:\.\.\/){3,}services\/)[^"]*"/;
/** Files are written by `writeWhole` of @archgen/files, so that a full disk leaves no part of one and is named. Exceptions: what it is made of, secrets that are
 * made once, and folders that are written under another name and renamed. */
const PLAIN_WRITE = /\b(?:writeFile|appendFile|writeFileAtomic)\b/;
const PLAIN_WRITERS = [
	"libs/files/src/write-whole.ts",
	"libs/jobs/src/embedded-files.ts",
	"libs/jobs/src/embedded-postgres.ts",
	"libs/models/src/store/write-bundle.ts",
	"libs/seqgen/src/model-folder.ts",
	"services/orchestrator/src/export-process.ts",
	"services/zc-proxy/src/score-file.ts",
];

/** The command line parses, calls and prints; what grows beyond this belongs into a library. */
const COMMAND_LINE = { folder: "tools/cli/src", files: 70, lines: 4500 };

const NX = fileURLToPath(new URL("../../node_modules/.bin/nx", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "archgen-graph-"));
try {
	const file = join(folder, "graph.json");
	execFileSync(NX, ["graph", `--file=${file}`], {
		stdio: ["ignore", "ignore", "inherit"],
		env: { ...process.env, NX_DAEMON: "false" },
	});
	const { nodes, dependencies } = JSON.parse(readFileSync(file, "utf8")).graph;
	const problems = Object.values(dependencies).flatMap((edges) =>
		edges.flatMap((edge) => violation(nodes, edge)),
	);
	problems.push(...Object.values(nodes).flatMap((node) => restrictedImports(node)));
	problems.push(...Object.values(nodes).flatMap((node) => undeclaredImports(node)));
	problems.push(...["libs/*/src", "services/*/src", "tools/*/src"].flatMap(plainWriters));
	problems.push(...importsOfInsides("libs"), ...importsOfInsides("tools"), ...commandLineSize());
	for (const problem of problems) console.error(problem);
	if (problems.length > 0) process.exit(1);
	console.log(`Module boundaries hold for ${Object.keys(nodes).length} packages.`);
} finally {
	rmSync(folder, { recursive: true });
}

function layerOf(node) {
	return node?.data.tags?.find((tag) => tag.startsWith("layer:"))?.slice("layer:".length);
}

function violation(nodes, { source, target }) {
	const [from, to] = [layerOf(nodes[source]), layerOf(nodes[target])];
	if (from === undefined || to === undefined || ALLOWED[from].includes(to)) return [];
	return [`${source} (${from}) may not depend on ${target} (${to}).`];
}

function restrictedImports(node) {
	const layer = layerOf(node);
	if (layer === undefined) return [];
	const manifest = JSON.parse(readFileSync(join(node.data.root, "package.json"), "utf8"));
	return Object.keys(manifest.dependencies ?? {}).flatMap((name) =>
		Object.entries(RESTRICTED).flatMap(([prefix, layers]) =>
			name.startsWith(prefix) && !layers.includes(layer)
				? [`${node.name} (${layer}) may not depend on ${name}.`]
				: [],
		),
	);
}

/** Imports of other packages of the workspace by sources whose package.json does not name them. */
function undeclaredImports(node) {
	if (layerOf(node) === undefined || !existsSync(join(node.data.root, "src"))) return [];
	const { name, dependencies } = JSON.parse(readFileSync(join(node.data.root, "package.json"), "utf8"));
	const imported = sourcesOf(`${node.data.root}/src`).flatMap((file) =>
		[...readFileSync(file, "utf8").matchAll(/from\s+"(@archgen\/[\w-]+)/g)].map(([, found]) => found),
	);
	return [...new Set(imported)]
		.filter((found) => found !== name && dependencies?.[found] === undefined)
		.map((found) => `${name} imports ${found}, which its package.json does not name.`);
}

/** Paths of the TypeScript sources below a folder, tests left out. */
function sourcesOf(folder) {
	return execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", `${folder}/**.ts`], {
		encoding: "utf8",
	})
		.split("\n")
		.filter((file) => file !== "" && !/\.(test|suite)\.ts$/.test(file) && existsSync(file));
}

function importsOfInsides(folder) {
	return sourcesOf(folder)
		.filter((file) => INSIDE_OF_SERVICE.test(readFileSync(file, "utf8")))
		.map((file) => `${file} may not import the inside of a service.`);
}

function plainWriters(folder) {
	return sourcesOf(folder)
		.filter((file) => !PLAIN_WRITERS.includes(file) && PLAIN_WRITE.test(readFileSync(file, "utf8")))
		.map((file) => `${file} must write files by writeWhole of @archgen/files.`);
}

function commandLineSize() {
	const files = sourcesOf(COMMAND_LINE.folder);
	const lines = files.reduce((sum, file) => sum + readFileSync(file, "utf8").split("\n").length - 1, 0);
	console.log(`The command line has ${files.length} files and ${lines} lines.`);
	if (files.length <= COMMAND_LINE.files && lines <= COMMAND_LINE.lines) return [];
	return [
		`${COMMAND_LINE.folder} has ${files.length} files and ${lines} lines, more than ${COMMAND_LINE.files} and ${COMMAND_LINE.lines}; move what computes or describes into a library.`,
	];
}
