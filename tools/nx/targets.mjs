// Nx plugin of this workspace: every package gets `build` and `test` targets, so that no package repeats them.
import { dirname } from "node:path";

const targetsOf = (root) => ({
	build: {
		command: "tsc -b {projectRoot}",
		cache: true,
		dependsOn: ["^build"],
		inputs: ["production", "^production"],
		outputs: ["{projectRoot}/dist"],
	},
	test: {
		command: `vitest run --project ${root} --passWithNoTests`,
		cache: true,
		dependsOn: ["build"],
		inputs: ["default", "^production"],
	},
});

export const createNodesV2 = [
	"{{libs,services,tools}/*,examples}/package.json",
	(files) =>
		files.map((file) => {
			const root = dirname(file);
			return [file, { projects: { [root]: { root, targets: targetsOf(root) } } }];
		}),
];
