// Fails when a package depends on one that its layer may not know. Layers are the `layer:` tags in package.json; the
// dependencies are those of the Nx project graph, which reads imports as well as package.json files.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
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
