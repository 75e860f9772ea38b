import { describe, expect, it } from "vitest";
import { sharedTable } from "../../testing/shared-table.js";
import { countLayers } from "../counting.js";
import { nasBenchMacroChoices, nasBenchMacroSpace as space } from "./nasbench-macro-space.js";

const countsOf = (choices: string) => countLayers(space.lower(nasBenchMacroChoices(choices)));

describe("NAS-Bench-Macro networks", () => {
	// Rows of the published table (Su et al. 2021).
	it.each([
		["00000002", 1_219_370, 20_910_592],
		["00000010", 791_594, 14_115_328],
		["22212112", 2_224_490, 86_596_096],
	])("%s has the table's parameters and MACs", (choices, parameterCount, macCount) => {
		expect(countsOf(choices)).toMatchObject({ parameterCount, macCount });
	});

	const table = sharedTable("nasbench-macro/half.csv");
	it.runIf(table !== null)("have the parameters and MACs of the table, every row of it", () => {
		const wrong = table!.filter((row) => {
			const { parameterCount, macCount } = countsOf(row.choices!);
			return parameterCount !== Number(row.params) || macCount !== Number(row.flops);
		});
		expect(table!.length).toBeGreaterThan(3000);
		expect(wrong).toEqual([]);
	});

	it("has no layers where an identity keeps the shape", () => {
		const names = space.lower(nasBenchMacroChoices("00000000")).sections.map(({ name }) => name);
		expect(names).toEqual(["stem", "layers.0", "layers.2", "layers.5", "head"]);
	});

	it("has 6,561 architectures and refuses what is none", () => {
		expect(space.limits.architectures).toBe(6561n);
		for (const choices of ["0211201", "02112013", 2112012, ["0"]])
			expect(() => space.fromJson({ choices })).toThrow(
				expect.objectContaining({ reason: "INVALID_CHOICES" }),
			);
	});
});
