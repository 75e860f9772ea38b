import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

// The page is built into the package of the gateway, which serves it.
export default defineConfig({
	root: here("."),
	base: "./",
	oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
	resolve: {
		alias: {
			// Hashes of networks come from the services; the browser computes none.
			"node:crypto": here("src/no-crypto.ts"),
			// The same parser without Node's buffers.
			"csv-parse/sync": "csv-parse/browser/esm/sync",
		},
	},
	build: {
		outDir: here("../dist/page"),
		emptyOutDir: true,
		target: "es2022",
		modulePreload: { polyfill: false },
		assetsInlineLimit: 0,
		reportCompressedSize: true,
	},
});
