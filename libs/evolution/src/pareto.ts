import type { Random } from "@archgen/random";
import type { Member, Survivors } from "./population.js";

/** A point of Pareto mode. */
export interface Point {
	/** All to be maximised. */
	readonly objectives: readonly number[];
	/** By how much constraints are broken, 0 for a feasible point. */
	readonly excess: number;
}

/** Constrained domination (Deb et al. 2002): feasible before infeasible, less excess before more, then Pareto. */
export function dominates(a: Point, b: Point): boolean {
	if (a.excess !== b.excess) return a.excess < b.excess;
	let better = false;
	for (let i = 0; i < a.objectives.length; i++) {
		if (a.objectives[i]! < b.objectives[i]!) return false;
		better ||= a.objectives[i]! > b.objectives[i]!;
	}
	return better;
}

/** NSGA-II's crowding distance of each point of a front; Infinity at its ends. */
export function crowdingDistances(front: readonly Point[]): number[] {
	const distances = front.map(() => 0);
	for (let axis = 0; axis < (front[0]?.objectives.length ?? 0); axis++) {
		const value = (i: number) => front[i]!.objectives[axis]!;
		const order = front.map((_, i) => i).sort((a, b) => value(a) - value(b));
		const range = value(order.at(-1)!) - value(order[0]!);
		distances[order[0]!] = Infinity;
		distances[order.at(-1)!] = Infinity;
		if (!(range > 0) || range === Infinity) continue;
		for (let k = 1; k + 1 < order.length; k++) {
			distances[order[k]!]! += (value(order[k + 1]!) - value(order[k - 1]!)) / range;
		}
	}
	return distances;
}

/**
 * A population in fronts, best first. A new member enters its front and pushes the members that it dominates down; what is too
 * many leaves the last front where it is most crowded (NSGA-II with one child at a time). O(members) for an insertion.
 */
export class ParetoPopulation implements Survivors {
	readonly #fronts: Member[][] = [];
	#members: readonly Member[] | undefined = [];
	#size = 0;

	constructor(private readonly capacity: number) {}

	/** Front by front, each member with its rank and crowding distance. */
	get members(): readonly Member[] {
		this.#members ??= this.#fronts.flatMap((front, rank) => {
			const distances = crowdingDistances(front);
			return front.map((member, i) => ({ ...member, rank, crowding: distances[i]! }));
		});
		return this.#members;
	}

	insert(member: Member): void {
		let moving = [member];
		for (let rank = this.#firstFrontFor(member); moving.length > 0; rank++) {
			const front = this.#fronts[rank] ?? [];
			const pushed = front.filter((old) => moving.some((next) => dominates(next, old)));
			this.#fronts[rank] = [...front.filter((old) => !pushed.includes(old)), ...moving];
			moving = pushed;
		}
		this.#size++;
		if (this.#size > this.capacity) this.#retire();
		this.#members = undefined;
	}

	#firstFrontFor(member: Member): number {
		const found = this.#fronts.findIndex((front) => !front.some((old) => dominates(old, member)));
		return found < 0 ? this.#fronts.length : found;
	}

	#retire(): void {
		const last = this.#fronts.at(-1)!;
		const distances = crowdingDistances(last);
		last.splice(distances.indexOf(Math.min(...distances)), 1);
		if (last.length === 0) this.#fronts.pop();
		this.#size--;
	}
}

/** The better of two random members: the lower rank, then the larger crowding distance. */
export function tournament(members: readonly Member[], random: Random): Member {
	const [a, b] = [random.pick(members), random.pick(members)];
	const [rankA, rankB] = [a.rank ?? 0, b.rank ?? 0];
	if (rankA !== rankB) return rankA < rankB ? a : b;
	return (b.crowding ?? 0) > (a.crowding ?? 0) ? b : a;
}

/** The feasible points that no other dominates, kept up to date point by point. */
export class ParetoFront<P extends Point> {
	#points: P[] = [];

	get points(): readonly P[] {
		return this.#points;
	}

	add(point: P): void {
		if (point.excess > 0 || this.#points.some((old) => dominates(old, point))) return;
		this.#points = [...this.#points.filter((old) => !dominates(point, old)), point];
	}
}
