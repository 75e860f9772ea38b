import type { Placed } from "./pareto.js";

/** How far beyond its own points a plane reaches for published ones, in widths of their range. */
const REACH = 1;

/** The points that lie within reach of others, so that far ones do not press these together. */
export function withinReach<T extends Placed>(points: readonly T[], own: readonly Placed[]): T[] {
	if (own.length === 0) return [...points];
	const near = (read: (point: Placed) => number) => {
		const values = own.map(read).filter(Number.isFinite);
		const [least, most] = [Math.min(...values), Math.max(...values)];
		const reach = REACH * (most - least || Math.abs(most) || 1);
		return (point: Placed) => read(point) >= least - reach && read(point) <= most + reach;
	};
	const [nearX, nearY] = [near(({ x }) => x), near(({ y }) => y)];
	return points.filter((point) => nearX(point) && nearY(point));
}
