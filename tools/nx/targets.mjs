// Nx plugin of this workspace: every package gets `build` and `test` targets, so that no package repeats them.
import { dirname } from "node:path";

/** Files outside a package that its build or tests read. */
const READS = {
	"libs/rpc": ["{workspaceRoot}/proto/**/*", "{workspaceRoot}/buf*.yaml"],
	"libs/search-space": ["{workspaceRoot}/docs/extend/space.md"],
	"libs/proxies": ["{workspaceRoot}/docs/extend/proxy.md"],
	"libs/generation": ["{workspaceRoot}/docs/extend/generator.md"],
	"libs/pipeline": ["{workspaceRoot}/data/**/*", "{workspaceRoot}/models/**/*"],
	"tools/cli": [
		"{workspaceRoot}/docs/tutorial.md",
		"{workspaceRoot}/models/**/*",
		"{workspaceRoot}/tools/scripts/pack*",
	],
	"clients/python": ["{workspaceRoot}/proto/**/*", "{workspaceRoot}/models/**/*"],
	"tools/deploy-checks": ["{workspaceRoot}/deploy/**/*", "{workspaceRoot}/docs/settings.md"],
};

const targetsOf = (root) => ({
	build: {
		command: "tsc -b {projectRoot}",
		cache: true,
		dependsOn: ["^build"],
		inputs: ["production", "^production", ...(READS[root] ?? [])],
		outputs: ["{projectRoot}/dist"],
	},
	test: {
		command: `vitest run --project ${root} --passWithNoTests`,
		cache: true,
		dependsOn: ["build"],
		inputs: ["default", "^production", ...(READS[root] ?? [])],
	},
});

export const createNodesV2 = [
	"{{libs,services,tools,clients}/*,examples}/package.json",
	(files) =>
		files.map((file) => {
			const root = dirname(file);
			return [file, { projects: { [root]: { root, targets: targetsOf(root) } } }];
		}),
];
