import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countNetwork, lowerNetwork, parameterSpecs } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryNetwork, randomNetwork } from "../../testing/random-network.js";
import { networkToPyTorch } from "./pytorch.js";

/** Attributes that a Python class sets: name → class constructed (`nn.Conv2d`, `Bottleneck`, …). */
function attributesByClass(source: string): Map<string, Map<string, string>> {
	const classes = source.split(/^class /m).slice(1);
	return new Map(
		classes.map((text) => [
			/^\w+/.exec(text)![0],
			new Map([...text.matchAll(/self\.(\w+) = ([\w.]+)\(/g)].map(([, name, made]) => [name!, made!])),
		]),
	);
}

/** Class of the cells of a stage, in the order of the stage lines. */
function stageClasses(source: string): string[] {
	return [...source.matchAll(/^ {12}nn\.Sequential\((Cell\w)\(/gm)].map(([, name]) => name!);
}

describe("networkToPyTorch", () => {
	it("has a module for each parameter, under its name", () => {
		fc.assert(
			fc.property(arbitraryNetwork, (network) => {
				const source = networkToPyTorch(network);
				const classes = attributesByClass(source);
				const stages = stageClasses(source);
				for (const { name } of parameterSpecs(lowerNetwork(network))) {
					const path = name.split(".").slice(0, -1);
					const root = path[0] === "stages" ? stages[Number(path[1])]! : path[0] === "stem" ? "Stem" : "Head";
					const attributes = path.slice(path[0] === "stages" ? 3 : 1);
					let owner = root;
					for (const attribute of attributes)
						owner = classes.get(owner)?.get(attribute) ?? `no ${attribute} in ${owner}`;
					expect(owner).toMatch(/^nn\.(Conv2d|BatchNorm2d|Linear)$/);
				}
			}),
			{ numRuns: 40 },
		);
	});

	it("states the counts", () => {
		const network = randomNetwork(4);
		const { parameterCount } = countNetwork(network);
		const stated = /^PARAMETER_COUNT = ([\d_]+)$/m.exec(networkToPyTorch(network))![1]!;
		expect(Number(stated.replaceAll("_", ""))).toBe(parameterCount);
	});

	it("defines each cell once, however many stages use it", () => {
		const { stages, ...rest } = randomNetwork(6);
		const repeated = { ...rest, stages: [stages[0]!, stages[0]!, { ...stages[0]!, channels: 48 }] };
		expect(networkToPyTorch(repeated).match(/^class Cell/gm)).toHaveLength(1);
	});
});

const python = spawnSync("python3", ["--version"]).status === 0;

describe.runIf(python)("networkToPyTorch, compiled by Python", () => {
	it("is valid Python", () => {
		const folder = mkdtempSync(join(tmpdir(), "archgen-pytorch-"));
		try {
			const paths = [1, 2, 3].map((seed) => {
				const path = join(folder, `network${seed}.py`);
				writeFileSync(path, networkToPyTorch(randomNetwork(seed)));
				return path;
			});
			execFileSync("python3", ["-W", "error", "-m", "py_compile", ...paths]);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
