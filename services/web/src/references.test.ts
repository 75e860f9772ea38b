import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { peakActivationBytes } from "@archgen/latency";
import { countNetwork, graphNetFileFromJson } from "@archgen/search-space";
import { expect, test } from "vitest";
import { REFERENCES, referencesFor } from "../page/src/references/references.js";

const DATA = process.env.ARCHGEN_DATA ?? resolve(import.meta.dirname, "../../../../shared/data");
const RELEASED = resolve(import.meta.dirname, "../../../data/graphnet/released-architectures.json");
const TIMM = resolve(DATA, "timm/small-imagenet-models.csv");
if (!existsSync(TIMM)) console.warn(`${TIMM} is not there: well-known networks are not compared with it.`);

test("every published network has a name of its own, a source and something to be placed by", () => {
	expect(new Set(REFERENCES.map(({ name }) => name)).size).toBe(REFERENCES.length);
	for (const { source, parameterCount, macCount, accuracy } of REFERENCES) {
		expect(source).toMatch(/\d{4}|github|Apache/);
		expect(parameterCount).toBeGreaterThan(1e5);
		expect(macCount ?? accuracy).toBeGreaterThan(1);
	}
	expect(REFERENCES.length).toBeLessThan(50);
});

test("an answer gets those of its task, scores only of its own setting", () => {
	const task = { inputSize: 224, classCount: 1000 };
	const alike = referencesFor(task, { batchSize: 16, scoringInputSize: 64 });
	expect(alike.some(({ scores }) => scores?.tcet === 174_225)).toBe(true);
	expect(alike.every(({ inputSize, classCount }) => inputSize === 224 && classCount === 1000)).toBe(true);
	const other = referencesFor(task, { batchSize: 8, scoringInputSize: 32 });
	expect(other.length).toBeGreaterThan(20);
	expect(other.filter(({ scores }) => scores !== undefined)).toEqual([]);
	expect(referencesFor({ inputSize: 33, classCount: 7 }, { batchSize: 16, scoringInputSize: 64 })).toEqual(
		[],
	);
});

test("counts of the released networks are exact", () => {
	const released = graphNetFileFromJson(JSON.parse(readFileSync(RELEASED, "utf8")));
	const own = REFERENCES.filter(({ name, scores }) => name.startsWith("GraphNet") && scores === undefined);
	expect(
		own.map(({ parameterCount, macCount, flopCount, peakActivationBytes: bytes }) => [
			parameterCount,
			macCount,
			flopCount,
			bytes,
		]),
	).toEqual(
		released.map(({ network }) => {
			const { parameterCount, macCount, flopCount } = countNetwork(network);
			return [parameterCount, macCount, flopCount, peakActivationBytes(network)];
		}),
	);
});

test.runIf(existsSync(TIMM))(
	"figures of well-known networks are those of the list that they are cited from",
	() => {
		const rows = readFileSync(TIMM, "utf8")
			.trim()
			.split("\n")
			.slice(1)
			.map((line) => line.split(",").slice(1, 5).map(Number));
		const cited = REFERENCES.filter(({ source }) => source.includes("pytorch-image-models"));
		expect(cited.length).toBeGreaterThan(10);
		for (const { name, accuracy, parameterCount, macCount } of cited) {
			const found = rows.some(
				([size, top1, parameters, gmacs]) =>
					size === 224 &&
					top1 === accuracy &&
					Math.round(parameters! * 1e6) === parameterCount &&
					Math.round(gmacs! * 1e9) === macCount,
			);
			expect(found, name).toBe(true);
		}
	},
);
