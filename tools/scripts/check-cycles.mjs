// Fails when modules of a package import each other in a circle, type-only imports included. The tools that do this need the
// compiler interface of TypeScript before 7, so the imports are read here: they all have one form, which the linter keeps.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
/**
 * The one circle that is meant: the gradient of an operator is written with operators, those of the convolution with the
 * convolution itself.
 */
const GRADIENTS = /^libs\/tensor-graph\/src\/operators\//;
const IMPORT = /^(?:import|export)\s[^;]*?\sfrom\s+"(\.[^"]+)"/gm;

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.ts"], {
	cwd: ROOT,
	encoding: "utf8",
})
	.split("\n")
	.filter((file) => /^(libs|services|tools|examples)\//.test(file) && !file.endsWith(".test.ts"))
	.filter((file) => existsSync(join(ROOT, file)));
const graph = new Map(files.map((file) => [file, importsOf(file)]));
const circles = components(graph).filter((circle) => !circle.every((file) => GRADIENTS.test(file)));
for (const circle of circles) console.error(`These modules import each other:\n  ${circle.join("\n  ")}`);
if (circles.length > 0) process.exit(1);
console.log(`No circle among the imports of ${files.length} modules.`);

function importsOf(file) {
	const text = readFileSync(join(ROOT, file), "utf8");
	return [...text.matchAll(IMPORT)].map(([, path]) =>
		normalize(join(dirname(file), path)).replace(/\.js$/, ".ts"),
	);
}

/** Strongly connected components of more than one module, by Tarjan's algorithm (SIAM J. Comput. 1972). */
function components(graph) {
	const index = new Map();
	const low = new Map();
	const stack = [];
	const found = [];
	const visit = (file) => {
		index.set(file, index.size);
		low.set(file, index.get(file));
		stack.push(file);
		for (const next of graph.get(file).filter((each) => graph.has(each))) {
			if (!index.has(next)) visit(next);
			if (stack.includes(next)) low.set(file, Math.min(low.get(file), low.get(next)));
		}
		if (low.get(file) !== index.get(file)) return;
		const component = stack.splice(stack.indexOf(file));
		if (component.length > 1) found.push(component.sort());
	};
	for (const file of graph.keys()) if (!index.has(file)) visit(file);
	return found;
}
