import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countNetwork, lowerNetwork, parameterSpecs, TASK_NAMES } from "@archgen/search-space";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryNetwork, randomNetwork, randomTaskNetwork } from "../../testing/random-network.js";
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

	it("lists the last map at each reduction", () => {
		fc.assert(
			fc.property(arbitraryNetwork, (network) => {
				const listed = /feature_info = \[(.*?)\n {4}\]/s.exec(networkToPyTorch(network))![1]!;
				const found = [
					...listed.matchAll(/"num_chs": (\d+), "reduction": (\d+), "module": "(?:stem|stages\.(\d+))"/g),
				];
				const expected = new Map([
					[network.stem.stride as number, [network.stem.channels, undefined as number | undefined]],
				]);
				let reduction: number = network.stem.stride;
				for (const [i, { channels, stride }] of network.stages.entries()) {
					reduction *= stride;
					expected.set(reduction, [channels, i]);
				}
				expect(
					found.map(([, width, side, stage]) => [Number(side), [Number(width), stage && Number(stage)]]),
				).toEqual([...expected]);
			}),
			{ numRuns: 40 },
		);
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

/** ARCHGEN_PYTHON names a Python with PyTorch; python3 without it. */
const interpreter = process.env.ARCHGEN_PYTHON ?? "python3";
const torch = spawnSync(interpreter, ["-c", "import torch"]).status === 0;
if (!torch)
	console.warn(`exported PyTorch files are not run: ${interpreter} has no PyTorch (set ARCHGEN_PYTHON)`);

const BACKBONE_CHECK = `
import sys
sys.path.insert(0, sys.argv[1])
import torch, importlib
for name in sys.argv[2:]:
    module = importlib.import_module(name)
    whole, backbone = module.Network().eval(), module.Network(features_only=True).eval()
    missing, unexpected = backbone.load_state_dict(whole.state_dict(), strict=False)
    assert not missing and all(key.startswith("head.") for key in unexpected), (missing, unexpected)
    task, height = getattr(module, "TASK", "classification"), module.SIZE
    channels, width = getattr(module, "CHANNELS", 3), getattr(module, "WIDTH", module.SIZE)
    images = torch.randn(2, channels, height, width).to(memory_format=torch.channels_last)
    maps = backbone(images)
    assert len(maps) == len(whole.feature_info)
    for info, features in zip(whole.feature_info, maps):
        sides = [height, width]
        for _ in range(info["reduction"].bit_length() - 1):
            sides = [(side + 1) // 2 for side in sides]
        assert features.shape == (2, info["num_chs"], *sides), (info, features.shape)
    features = whole.forward_features(images)
    assert features.shape[1] == whole.num_features
    pooled = task in ("classification", "multilabel", "regression")
    rest = features.mean((2, 3)) if pooled else features
    places = () if pooled else tuple(features.shape[2:])
    if task == "features":
        assert torch.equal(whole(images), features)
    else:
        assert torch.allclose(whole.head.classifier(rest), whole(images), atol=1e-5)
        assert whole(images).shape == (2, module.CLASSES, *places)
        whole.reset_classifier(5)
        assert whole(images).shape == (2, 5, *places)
        whole.reset_classifier(0)
        assert torch.allclose(whole(images), rest, atol=1e-5)
    backbone.train()
    sum(part.square().mean() for part in backbone(images)).backward()
    assert all(parameter.grad is not None for parameter in backbone.parameters())
`;

describe.runIf(torch)("networkToPyTorch, run by PyTorch", () => {
	it("is a classifier and a backbone with the maps that it lists", { timeout: 300_000 }, () => {
		const folder = mkdtempSync(join(tmpdir(), "archgen-backbone-"));
		try {
			const networks = [...[1, 2, 3].map(randomNetwork), ...[1, 2, 3, 4, 5, 6, 7, 8].map(randomTaskNetwork)];
			expect(new Set(networks.map(({ task }) => task)).size).toBe(TASK_NAMES.length);
			const names = networks.map((network, i) => {
				writeFileSync(join(folder, `network${i}.py`), networkToPyTorch(network));
				return `network${i}`;
			});
			const run = spawnSync(interpreter, ["-c", BACKBONE_CHECK, folder, ...names], { encoding: "utf8" });
			expect(run.status, run.stderr).toBe(0);
		} finally {
			rmSync(folder, { recursive: true });
		}
	});
});
