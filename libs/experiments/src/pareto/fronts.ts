import { ParetoFront } from "@archgen/evolution";
import { hypervolume } from "@archgen/statistics";
import type { Objectives } from "./objectives.js";

/** Places of the points that no other dominates; of equal points all. */
export function frontOf(points: readonly Objectives[]): number[] {
	const front = new ParetoFront<{ objectives: Objectives; excess: number; place: number }>();
	points.forEach((objectives, place) => {
		front.add({ objectives, excess: 0, place });
	});
	return front.points.map(({ place }) => place).sort((a, b) => a - b);
}

/** Measures volumes with every objective scaled to 0 … 1 between its worst and its best value in a table. */
export function volumeIn(table: readonly Objectives[], leastAccuracy?: number) {
	const column = (k: number) => table.map((point) => point[k]!);
	const worst = table[0]!.map((_, k) => column(k).reduce((a, b) => Math.min(a, b)));
	const best = table[0]!.map((_, k) => column(k).reduce((a, b) => Math.max(a, b)));
	if (leastAccuracy !== undefined) worst[0] = leastAccuracy;
	const scaled = (point: Objectives) =>
		point.map((value, k) => (value - worst[k]!) / (best[k]! - worst[k]! || 1));
	// Slightly below the worst, so that the end of a front counts.
	const reference = worst.map(() => -MARGIN);
	return (points: readonly Objectives[]) =>
		hypervolume(
			frontOf(points).map((place) => scaled(points[place]!)),
			reference,
		);
}

const MARGIN = 0.01;
