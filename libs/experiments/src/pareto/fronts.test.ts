import { createRandom } from "@archgen/random";
import { expect, it } from "vitest";
import { frontOf, volumeIn } from "./fronts.js";
import type { Objectives } from "./objectives.js";

const random = createRandom(5);
const POINTS = Array.from({ length: 200 }, (): Objectives => {
	const size = random.uniform();
	return [60 + 30 * size * random.uniform(), -1e6 * size, -9e7 * size, -20 * size * (0.5 + random.uniform())];
});
const dominates = (a: Objectives, b: Objectives) =>
	a.every((value, k) => value >= b[k]!) && a.some((value, k) => value > b[k]!);

it("keeps the points that no other dominates", () => {
	const expected = POINTS.flatMap((point, i) => (POINTS.some((other) => dominates(other, point)) ? [] : [i]));
	expect(frontOf(POINTS)).toEqual(expected);
});

it("measures a front as its whole set, a part as less, and the units of objectives do not matter", () => {
	const volume = volumeIn(POINTS);
	const front = frontOf(POINTS).map((place) => POINTS[place]!);
	expect(volume(front)).toBeCloseTo(volume(POINTS), 12);
	expect(volume(front.slice(1))).toBeLessThan(volume(front));
	const inOther = POINTS.map(
		([accuracy, ...costs]): Objectives => [
			accuracy / 100,
			...(costs.map((cost) => 7 * cost) as [number, number, number]),
		],
	);
	const same = frontOf(inOther).map((place) => inOther[place]!);
	expect(volumeIn(inOther)(same)).toBeCloseTo(volume(front), 10);
});

it("counts accuracies above a bound alone where one is given", () => {
	const upper = volumeIn(POINTS, 75);
	expect(upper(POINTS.filter(([accuracy]) => accuracy < 74))).toBe(0);
	expect(upper(POINTS)).toBeGreaterThan(0);
});
