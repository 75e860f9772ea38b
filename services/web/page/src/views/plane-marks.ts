import { frontOf, representatives } from "../chart/pareto.js";
import type { Mark } from "../chart/scatter.js";
import { withinReach } from "../chart/visible.js";
import type { Axis, Measured } from "./axes.js";
import type { Candidate, PublishedNetwork } from "./candidates.js";

/** Members of the front that are numbered. */
const MARKED = 8;

/** The two quantities of a plane. */
export interface PlaneAxes {
	readonly x: Axis;
	readonly y: Axis;
}

/** Something with a place on the plane. */
export interface Placed<T> {
	readonly item: T;
	readonly x: number;
	readonly y: number;
}

/** Those that have both quantities, with their places. */
export function placedOn<T extends Measured>(axes: PlaneAxes, items: readonly T[]): Placed<T>[] {
	return items.flatMap((item) => {
		const [x, y] = [axes.x.read(item), axes.y.read(item)];
		return x === undefined || y === undefined ? [] : [{ item, x, y }];
	});
}

/** What is drawn on a plane. */
export interface PlaneMarks {
	/** Candidates within the bounds than which no other one is better in both quantities. */
	readonly front: readonly Placed<Candidate>[];
	/** Members of the front that are numbered. */
	readonly named: number;
	/** Published networks in reach of the candidates. */
	readonly behind: number;
	readonly marks: readonly Mark[];
}

/** Marks of candidates, and behind them those of published networks. */
export function marksOf(
	points: readonly Placed<Candidate>[],
	published: readonly Placed<PublishedNetwork>[],
	{ x, y, labelled }: PlaneAxes & { readonly labelled: Labels },
): PlaneMarks {
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

/** What readers of the screen hear of a mark. */
interface Labels {
	readonly candidate: (item: Candidate) => string;
	readonly published: (item: PublishedNetwork) => string;
}

function kindOf({ key, feasible }: Candidate, front: ReadonlySet<string>): Mark["kind"] {
	if (!feasible) return "infeasible";
	return front.has(key) ? "front" : "dominated";
}
