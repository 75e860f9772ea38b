import { readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Root of the repository. */
export const REPOSITORY = fileURLToPath(new URL("../../..", import.meta.url));
/** The folder that is checked. */
export const DEPLOY = join(REPOSITORY, "deploy");

/** All YAML files below a folder of `deploy/`, as absolute paths. */
export function yamlFiles(folder: string): string[] {
	return readdirSync(join(DEPLOY, folder), { recursive: true, encoding: "utf8" })
		.filter((file) => file.endsWith(".yaml"))
		.map((file) => join(DEPLOY, folder, file))
		.sort();
}
