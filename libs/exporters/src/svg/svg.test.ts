import type { Network } from "@archgen/search-space";
import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, it } from "vitest";
import { arbitraryNetwork } from "../../testing/random-network.js";
import { noteLines } from "./legend.js";
import { networkToSvg } from "./svg.js";

interface Rect {
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
}

interface XmlRect extends Rect {
	readonly class?: string;
}

interface XmlGroup {
	readonly transform: string;
	readonly class?: string;
	readonly rect: XmlRect[];
	readonly g?: XmlGroup[];
}

const parser = new XMLParser({
	ignoreAttributes: false,
	attributeNamePrefix: "",
	parseAttributeValue: true,
	isArray: (name) => ["rect", "g", "path", "text"].includes(name),
});

function parse(svg: string): {
	width: number;
	height: number;
	sections: XmlGroup[];
	offset: { x: number; y: number };
} {
	const root = parser.parse(svg).svg;
	const body: XmlGroup = root.g[0];
	return { width: root.width, height: root.height, sections: body.g!, offset: translation(body) };
}

function translation({ transform }: XmlGroup): { x: number; y: number } {
	const [x, y] = /translate\(([-\d.]+) ([-\d.]+)\)/.exec(transform)!.slice(1).map(Number);
	return { x: x!, y: y! };
}

/** The panel's frame in the picture's coordinates. */
function frame(section: XmlGroup, offset: { x: number; y: number }): Rect {
	const { x, y } = translation(section);
	const { width, height } = section.rect[0]!;
	return { x: x + offset.x, y: y + offset.y, width, height };
}

const overlap = (a: Rect, b: Rect) =>
	a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

function expectDisjoint(boxes: readonly Rect[]): void {
	const pairs = boxes.flatMap((a, i) => boxes.slice(i + 1).map((b) => [a, b] as const));
	expect(pairs.filter(([a, b]) => overlap(a, b))).toEqual([]);
}

const holds = (check: (network: Network, svg: string) => void) =>
	fc.assert(
		fc.property(arbitraryNetwork, (network) => {
			check(network, networkToSvg(network));
		}),
		{ numRuns: 10 },
	);

describe("networkToSvg", () => {
	it("is well-formed XML", () => {
		holds((_, svg) => expect(XMLValidator.validate(svg)).toBe(true));
	});

	it("has a box for the input, each operation and the output of each stage", () => {
		holds((network, svg) => {
			const sections = parse(svg).sections;
			expect(sections).toHaveLength(network.stages.length + 2);
			const boxes = sections.slice(1, -1).map(({ g }) => g![0]!.rect.length);
			expect(boxes).toEqual(network.stages.map(({ cell }) => cell.operations.length + 2));
		});
	});

	it("lets no boxes of a cell overlap and keeps them in their panel", () => {
		holds((_, svg) => {
			for (const section of parse(svg).sections.slice(1, -1)) {
				const drawing = section.g![0]!;
				const { x: dx, y: dy } = translation(drawing);
				const { width, height } = section.rect[0]!;
				expectDisjoint(drawing.rect);
				for (const { x, y, width: w, height: h } of drawing.rect) {
					expect(Math.min(x + dx, y + dy)).toBeGreaterThanOrEqual(0);
					expect(x + dx + w).toBeLessThanOrEqual(width);
					expect(y + dy + h).toBeLessThanOrEqual(height);
				}
			}
		});
	});

	it("has a badge for each stage that repeats, and the costs of each part, which add up", () => {
		holds((network, svg) => {
			const badges = [...svg.matchAll(/class="badge-label">× (\d+)</g)].map(([, repeats]) => Number(repeats));
			expect(badges).toEqual(network.stages.map(({ repeats }) => repeats).filter((repeats) => repeats > 1));
			const shares = [...svg.matchAll(/flopCount [\d.]+[KMG]?, ([\d.]+) %/g)].map(([, share]) =>
				Number(share),
			);
			expect(shares).toHaveLength(network.stages.length + 2);
			expect(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 100)).toBeLessThan(
				0.05 * shares.length + 1e-9,
			);
		});
	});

	it("names the colours of the operations that it shows, and of no others", () => {
		holds((network, svg) => {
			const named = [...svg.matchAll(/class="detail">([a-z]\w+): /g)].map(([, type]) => type);
			const used = new Set(network.stages.flatMap(({ cell }) => cell.operations.map(({ type }) => type)));
			expect(named.sort()).toEqual([...used].sort());
		});
	});

	it("breaks what is written under the panels where the picture ends", () => {
		const wide = noteLines(["one, two three", "a long note, of several words"], 20 * 6.9);
		const lines = [...wide.svg.matchAll(/>([^<]+)</g)].map(([, line]) => line);
		expect(lines).toEqual(["one, two three", "a long note, of", "several words"]);
	});

	it("lets no panels overlap and keeps them in the picture", () => {
		holds((_, svg) => {
			const { sections, offset, width, height } = parse(svg);
			const frames = sections.map((section) => frame(section, offset));
			expectDisjoint(frames);
			for (const { x, y, width: w, height: h } of frames) {
				expect(x + w).toBeLessThanOrEqual(width);
				expect(y + h).toBeLessThanOrEqual(height);
			}
		});
	});
});
