import type { Mark } from "../chart/mark.js";
import { frontOf, type Placed, representatives } from "../chart/pareto.js";
import { withinReach } from "../chart/visible.js";
import type { Axis, Measured } from "./axes.js";

/** Members of the front that are numbered. */
const MARKED = 8;

/** The two quantities of a plane. */
export interface PlaneAxes {
	readonly x: Axis;
	readonly y: Axis;
}

/** Something with its place on the plane. */
export interface PlacedItem<T> extends Placed {
	readonly item: T;
}

/** Those that have both quantities, with their places. */
export function placedOn<T extends Measured>(axes: PlaneAxes, items: readonly T[]): PlacedItem<T>[] {
	return items.flatMap((item) => {
		const [x, y] = [axes.x.read(item), axes.y.read(item)];
		return x === undefined || y === undefined ? [] : [{ item, x, y }];
	});
}

/** What marks need of a candidate. */
export interface Marked {
	readonly key: string;
	readonly name: string;
	readonly feasible: boolean;
}

/** What is drawn on a plane. */
export interface PlaneMarks<C> {
	/** Candidates within the bounds than which no other one is better in both quantities. */
	readonly front: readonly PlacedItem<C>[];
	/** Members of the front that are numbered. */
	readonly named: number;
	/** Published networks in reach of the candidates. */
	readonly behind: number;
	readonly marks: readonly Mark[];
}

/** Texts of marks for readers of the screen. */
export interface Labels<C, P> {
	readonly candidate: (item: C) => string;
	readonly published: (item: P) => string;
}

/** Marks of candidates, and behind them those of published networks. */
export function marksOf<C extends Marked, P extends Pick<Marked, "key">>(
	points: readonly PlacedItem<C>[],
	published: readonly PlacedItem<P>[],
	{ x, y, labelled }: PlaneAxes & { readonly labelled: Labels<C, P> },
): PlaneMarks<C> {
	const feasible = points.filter(({ item }) => item.feasible);
	const front = frontOf(feasible, { xUp: x.up, yUp: y.up }).map((i) => feasible[i]!);
	const best = new Set(front.map(({ item }) => item.key));
	const numbered = representatives([...front.keys()], MARKED).map((i) => front[i]!.item.key);
	const named = new Set(numbered);
	const behind = withinReach(published, points);
	const marks: Mark[] = [
		...behind.map(({ item, ...place }) => ({
			...place,
			key: item.key,
			kind: "reference" as const,
			label: labelled.published(item),
		})),
		...points.map(({ item, ...place }) => ({
			...place,
			key: item.key,
			kind: kindOf(item, best),
			label: labelled.candidate(item),
			...(named.has(item.key) ? { name: item.name.replace("Network ", "") } : {}),
		})),
	];
	return { front, named: named.size, behind: behind.length, marks };
}

function kindOf({ key, feasible }: Marked, front: ReadonlySet<string>): Mark["kind"] {
	if (!feasible) return "infeasible";
	return front.has(key) ? "front" : "dominated";
}
