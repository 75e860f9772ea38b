import { describe, expect, it } from "vitest";
import type { BarPlot, LinePlot, PointPlot } from "./plot.js";
import { renderSvg } from "./render-svg.js";

const lines: LinePlot = {
	kind: "lines",
	title: "Criteria",
	x: { title: "components" },
	y: { title: "criterion" },
	lines: [
		{
			name: "BIC",
			points: [
				[4, 900],
				[8, 700],
				[16, 710],
			],
		},
		{
			name: "AIC",
			points: [
				[4, 880],
				[8, 660],
				[16, 640],
			],
		},
	],
	marks: [{ x: 8, label: "K = 8" }],
};
const points: PointPlot = {
	kind: "points",
	title: "Latents",
	x: { title: "first" },
	y: { title: "second" },
	points: Array.from({ length: 30 }, (_, i) => ({ x: i, y: (i * 7) % 30, group: `cluster ${i % 5}` })),
};
const bars: BarPlot = {
	kind: "bars",
	title: "Distance",
	y: { title: "ZC distance" },
	bars: [
		{ category: "reference A", group: "random", value: 4.5, error: 1.3 },
		{ category: "reference A", group: "flow", value: 1.8, error: 1.2 },
		{ category: "reference B", group: "random", value: 3.5, error: 1 },
		{ category: "reference B", group: "flow", value: 1.5 },
	],
};

const count = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].length;
/** Fill of every point of a cloud. */
const colours = (svg: string) =>
	[...svg.matchAll(/<path transform="[^"]*" d="[^"]*" fill="([^"]+)"/g)].map(([, colour]) => colour);

describe("renderSvg", () => {
	it.each([lines, points, bars])("gives $kind the same bytes whatever was drawn before", async (plot) => {
		const alone = await renderSvg(plot);
		await renderSvg(lines);
		expect(await renderSvg(plot)).toBe(alone);
		expect(alone).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
		expect(alone).toContain(plot.title);
		expect(alone).not.toMatch(/NaN|undefined|Infinity/);
	});

	it("names curves and marks, and draws every point of a curve", async () => {
		const svg = await renderSvg(lines);
		for (const text of ["BIC", "AIC", "K = 8", "components", "criterion"]) expect(svg).toContain(`>${text}<`);
		expect(count(svg, /aria-roledescription="point"/g)).toBe(6);
		expect(count(svg, /aria-roledescription="rule mark"/g)).toBe(1);
	});

	it("colours points by group, with a legend only where one is asked for", async () => {
		const svg = await renderSvg(points);
		expect(colours(svg).length).toBe(30);
		expect(new Set(colours(svg)).size).toBe(5);
		expect(svg).not.toContain(">cluster 3<");
		expect(await renderSvg({ ...points, legend: "cluster" })).toContain(">cluster 3<");
	});

	it("draws thousands of points small and without needless digits, and leaves numbers in texts alone", async () => {
		const many = Array.from({ length: 2000 }, (_, i) => ({ x: i / 7, y: ((i * 7) % 30) / 3, group: "one" }));
		const svg = await renderSvg({ ...points, title: "0.12345", points: many });
		expect(svg.length / many.length).toBeLessThan(180);
		expect(svg).not.toMatch(/transform="[^"]*\.\d{3}/);
		expect(svg).toContain(">0.12345<");
		const radius = (drawn: string) => Number(/<path transform="[^"]*" d="M([\d.]+),/.exec(drawn)![1]);
		expect(radius(svg)).toBeLessThan(radius(await renderSvg(points)));
	});

	it("draws a bar for each value and an error bar where there is an error", async () => {
		const svg = await renderSvg(bars);
		expect(count(svg, /aria-roledescription="bar"/g)).toBe(4);
		expect(count(svg, /aria-roledescription="rule mark"/g)).toBe(3);
		expect(svg.indexOf(">reference A<")).toBeLessThan(svg.indexOf(">reference B<"));
	});

	it("turns the names of many categories, so that they do not cover each other", async () => {
		const many = Array.from({ length: 12 }, (_, i) => ({ ...bars.bars[0]!, category: `reference ${i}` }));
		const turned = /rotate\(315\)[^>]*>reference 7</;
		expect(await renderSvg({ ...bars, bars: many })).toMatch(turned);
		expect(await renderSvg({ ...bars, bars: many.slice(0, 4) })).not.toContain("rotate(315)");
	});

	it("draws logarithmic axes", async () => {
		const plot = { ...lines, y: { title: "criterion", scale: "log" } } as const;
		expect(await renderSvg(plot)).not.toBe(await renderSvg(lines));
	});

	it("writes titles as text, not as markup", async () => {
		expect(await renderSvg({ ...bars, title: "a < b & c" })).toContain("a &lt; b &amp; c");
	});
});
