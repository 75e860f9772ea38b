#!/usr/bin/env node
// Whether the programs that are not compiled (benchmarks, scripts, examples) import names that our packages have: they are not run by the
// tests, and a name that moved would be found by the next person who measures. Needs a build.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const IMPORT = /^import \{([^}]+)\} from "(@archgen\/[^"]+|\.[^"]+)";/gm;
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.mjs"], {
	cwd: root,
	encoding: "utf8",
})
	.split("\n")
	.filter((file) => file !== "" && existsSync(join(root, file)));

const problems = [];
for (const file of files) {
	const source = readFileSync(join(root, file), "utf8");
	for (const [, list, from] of source.matchAll(IMPORT)) {
		const names = list.split(",").map((name) => name.trim().split(" as ")[0]);
		const module = from.startsWith(".") ? pathToFileURL(join(root, dirname(file), from)).href : from;
		// Importing runs a module: our packages and the helpers beside the programs do nothing by that.
		const exported = await import(module).catch(
			(error) => problems.push(`${file}: ${error.message}`) && null,
		);
		for (const name of names.filter((name) => name && exported && !(name in exported))) {
			problems.push(`${file} imports ${name}, which ${from} does not have`);
		}
	}
}
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(`The imports of ${files.length} programs exist.`);
process.exit(problems.length === 0 ? 0 : 1);
