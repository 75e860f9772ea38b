import { createRequire } from "node:module";
import type { Program, ProgramName } from "@archgen/client";

const { resolve } = createRequire(import.meta.url);

/** The program of a service: `main.js` beside the package's entry. */
export function programOf(name: ProgramName): Program {
	return { name, file: resolve(`@archgen/${name}-service`).replace(/index\.js$/, "main.js") };
}
