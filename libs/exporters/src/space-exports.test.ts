import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import {
	architectureFromJson,
	architectureKey,
	countLayers,
	SEARCH_SPACES,
	type SearchSpace,
	SPACE_NAMES,
} from "@archgen/search-space";
import { afterAll, describe, expect, it } from "vitest";
import { EXPORT_FORMATS, EXPORTERS } from "./exporter.js";
import { lowerSpaceNetwork } from "./network-subject.js";
import { countOnnx } from "./onnx/count-onnx.js";
import { countTflite } from "./tflite/count-tflite.js";

const decoder = new TextDecoder();
const folder = mkdtempSync(join(tmpdir(), "archgen-spaces-"));
afterAll(() => rmSync(folder, { recursive: true }));
const python = spawnSync("python3", ["--version"]).status === 0;

describe.each(SPACE_NAMES)("exports of %s", (name) => {
	const space = SEARCH_SPACES[name] as SearchSpace<unknown>;
	const subjects = [1, 2, 3].map((seed) => ({
		space,
		architecture: space.random(createRandom(seed)),
		target: { size: 48, classes: 7 },
	}));
	const text = (format: (typeof EXPORT_FORMATS)[number], i: number) =>
		decoder.decode(EXPORTERS[format].write(subjects[i]!));

	it.each(EXPORT_FORMATS)("%s has the same bytes for the same architecture only", (format) => {
		const { write } = EXPORTERS[format];
		const [first, again, other] = [0, 0, 1].map((i) => Buffer.from(write(subjects[i]!)));
		expect(first!.equals(again!)).toBe(true);
		expect(first!.equals(other!)).toBe(false);
	});

	it("have the counts of the layers in ONNX, found anew", () => {
		for (const subject of subjects)
			expect(countOnnx(EXPORTERS.onnx.write(subject))).toEqual(countLayers(lowerSpaceNetwork(subject)));
	});

	it("have the multiply-accumulates and layers in TensorFlow Lite, found anew", () => {
		for (const subject of subjects) {
			const { macCount, layerCount } = countLayers(lowerSpaceNetwork(subject));
			expect(countTflite(EXPORTERS.tflite.write(subject))).toMatchObject({ macCount, layerCount });
		}
	});

	it("are read again from JSON, target included", () => {
		const read = architectureFromJson(JSON.parse(text("json", 0)));
		expect(read.space).toBe(space);
		expect(read.target).toEqual(subjects[0]!.target);
		expect(architectureKey(space, read.architecture)).toBe(architectureKey(space, subjects[0]!.architecture));
	});

	it("construct each module of PyTorch once for all sections that are alike", () => {
		subjects.forEach((subject, i) => {
			const source = text("pytorch", i);
			const classes = source.split(/^class /m).slice(1, -1);
			expect(new Set(classes.map((body) => body.slice(body.indexOf("\n")))).size).toBe(classes.length);
			const made = source.match(/^ {8}self\.\S+ = (?!nn\.)\w+\(\)$/gm);
			expect(made).toHaveLength(lowerSpaceNetwork(subject).sections.length);
			const { parameterCount } = countLayers(lowerSpaceNetwork(subject));
			const stated = /^PARAMETER_COUNT = ([\d_]+)$/m.exec(source)![1]!;
			expect(Number(stated.replaceAll("_", ""))).toBe(parameterCount);
		});
	});

	it.runIf(python)("are valid Python", () => {
		const path = join(folder, `${name}.py`);
		writeFileSync(path, text("pytorch", 0));
		execFileSync("python3", ["-W", "error", "-m", "py_compile", path]);
	});

	it("are pictures with a panel for every group of sections, the counts and the architecture", () => {
		const picture = text("svg", 0);
		expect(picture).toContain("<svg");
		const { parameterCount } = countLayers(lowerSpaceNetwork(subjects[0]!));
		expect(picture).toContain(`${parameterCount.toLocaleString("en-US")} parameters`);
		for (const title of ["Stem", "Head"]) expect(picture).toContain(`>${title}<`);
		expect(picture).not.toMatch(/NaN|undefined/);
	});
});
