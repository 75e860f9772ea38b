import { expect, test } from "vitest";
import type { Axis } from "../page/src/views/axes.js";
import { marksOf, placedOn } from "../page/src/views/plane-marks.js";

/** An axis that reads a score. */
const axis = (key: string, up: boolean): Axis => ({
	key,
	title: key,
	up,
	bounds: [],
	format: String,
	read: ({ scores }) => scores?.[key],
});
const axes = { x: axis("cost", false), y: axis("gain", true) };
const candidate = (key: string, cost: number, gain: number | undefined, feasible = true) => ({
	...{ key, name: `Network ${key}`, feasible },
	scores: { cost, ...(gain !== undefined && { gain }) },
});
const published = (key: string, cost: number, gain: number) => ({ key, scores: { cost, gain } });
const keyOf = ({ key }: { readonly key: string }) => key;
const labelled = { candidate: keyOf, published: keyOf };

test("marks tell the front from what is behind it and from what breaks a bound", () => {
	const candidates = [
		candidate("cheap", 1, 1),
		candidate("dear", 3, 3),
		candidate("worse", 3, 2),
		candidate("outside", 0, 9, false),
		candidate("unknown", 1, undefined),
	];
	const points = placedOn(axes, candidates);
	const found = marksOf(points, [], { ...axes, labelled });
	expect(found.marks.map(({ key, kind, name }) => [key, kind, name])).toEqual([
		["cheap", "front", "cheap"],
		["dear", "front", "dear"],
		["worse", "dominated", undefined],
		["outside", "infeasible", undefined],
	]);
	expect([found.front.length, found.named, found.behind]).toEqual([2, 2, 0]);
});

test("published networks lie behind the candidates, those out of reach are left out", () => {
	const points = placedOn(axes, [candidate("a", 1, 1), candidate("b", 2, 2)]);
	const references = placedOn(axes, [published("near", 2, 3), published("far", 100, 3)]);
	const { marks, behind } = marksOf(points, references, { ...axes, labelled });
	expect(marks.map(({ key, kind }) => [key, kind])).toEqual([
		["near", "reference"],
		["a", "front"],
		["b", "front"],
	]);
	expect(behind).toBe(1);
});

test("of a long front eight members are numbered, its ends among them", () => {
	const points = placedOn(
		axes,
		Array.from({ length: 20 }, (_, i) => candidate(String(i), i, i)),
	);
	const { marks, named, front } = marksOf(points, [], { ...axes, labelled });
	expect([front.length, named]).toEqual([20, 8]);
	expect(marks.filter(({ name }) => name !== undefined).map(({ key }) => key)).toEqual(
		expect.arrayContaining(["0", "19"]),
	);
});
