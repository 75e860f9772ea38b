import { readdirSync } from "node:fs";
import { defineConfig } from "vitest/config";

// Every workspace package is a vitest project named after its folder, so that `vitest --project libs/ode` runs one.
const packages = [
	"examples",
	...["libs", "services", "tools", "clients"].flatMap((group) =>
		readdirSync(new URL(group, import.meta.url)).map((name) => `${group}/${name}`),
	),
];

export default defineConfig({
	test: {
		// One more than CI has cores: tests of services also wait.
		maxWorkers: 3,
		// Other packages are used as they are built; sending them through the transformer again only takes time.
		server: { deps: { external: [/\/dist\/.*\.js$/] } },
		// Nothing fails for want of time on a machine that has other things to do.
		testTimeout: 300_000,
		hookTimeout: 300_000,
		// Files of a package share processes, which they leave as they found them: importing everything anew is a sixth of the time.
		isolate: false,
		projects: packages.map((root) => ({ extends: true, test: { name: root, root } })),
	},
});
