import { expect, test } from "vitest";
import { describeTable2, type Table2, table2Plot } from "./table2.js";
import type { Table2Method, Table2Row } from "./table2-row.js";

const counts = { parameterCount: 1e6, macCount: 1e8, flopCount: 2e8, layerCount: 9 } as Table2Row["counts"];

function row(budget: Table2Row["budget"], method: Table2Method, seed: number, curve: number[]): Table2Row {
	const points = curve.map((best, i) => [100 * (i + 1), best] as const);
	return {
		...{ budget, method, seed, counts, cpuMinutes: 1, best: curve.at(-1)!, mean: curve[0]! },
		full: { mean: curve.at(-1)!, sd: 0 },
		evaluations: 100 * curve.length,
		curve: points,
	};
}

const table: Table2 = {
	objective: "tcet",
	rows: [
		row("cifar-1m", "released", 0, [1000]),
		row("cifar-1m", "random", 0, [400, 500]),
		row("cifar-1m", "released", 1, [2000]),
		row("cifar-1m", "random", 1, [600, 1500]),
		row("imagenet-1000m", "random", 0, [400, 700]),
	],
};

test("a row is compared with the released networks of its budget and seed, where there are any", () => {
	const lines = describeTable2(table).split("\n");
	const [head, ...rows] = lines.map((line) => line.split(/ {2,}/));
	const place = head!.indexOf("× released");
	expect(place).toBeGreaterThan(0);
	const ratios = rows.flatMap((cells) => (cells.includes("random") ? [cells[place]] : []));
	expect(ratios).toEqual(["0.50", "0.75", expect.not.stringMatching(/^\d\.\d\d$/)]);
});

test("the picture has the mean over seeds, and the released networks as a level", () => {
	const lines = new Map(table2Plot(table, "cifar-1m").lines.map(({ name, points }) => [name, points]));
	expect(lines.get("random")).toEqual([
		[100, 500],
		[200, 1000],
	]);
	expect(lines.get("released, mean")).toEqual([
		[0, 1500],
		[200, 1500],
	]);
	expect([...table2Plot(table, "imagenet-1000m").lines].map(({ name }) => name)).not.toContain(
		"released, mean",
	);
});
