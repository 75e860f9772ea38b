/** A living design: its record in the history and its score. */
export interface Member {
	/** Index of its record. */
	readonly index: number;
	readonly score: number;
	/** Score and negated costs, all to be maximised. */
	readonly objectives: readonly number[];
	/** By how much constraints are broken; 0 unless infeasible designs are kept. */
	readonly excess: number;
	/** Pareto mode: number of its front, 0 for the best. */
	readonly rank?: number;
	/** Pareto mode: crowding distance within its front. */
	readonly crowding?: number;
}

/** Those that live. They follow from the history alone: replaying it gives the same members in the same order. */
export interface Survivors {
	readonly members: readonly Member[];
	insert(member: Member): void;
}

/** Which member leaves a full population, as a position in the list. Members stand in order of age, oldest first. */
export type Retirement = (members: readonly Member[]) => number;

/** The lowest score leaves; of equals the oldest. */
export const retireWorst: Retirement = (members) =>
	members.reduce((worst, member, i) => (member.score < members[worst]!.score ? i : worst), 0);

/** The oldest leaves, however good (ageing evolution). */
export const retireOldest: Retirement = () => 0;

/** At most `capacity` members, oldest first. */
export class Population implements Survivors {
	readonly #members: Member[] = [];
	readonly #capacity: number;
	readonly #retire: Retirement;

	constructor(capacity: number, retire: Retirement) {
		this.#capacity = capacity;
		this.#retire = retire;
	}

	get members(): readonly Member[] {
		return this.#members;
	}

	/** Adds a member; a full population first loses one (Algorithm 1, lines 26–30), so the new one always enters. */
	insert(member: Member): void {
		if (this.#members.length >= this.#capacity) this.#members.splice(this.#retire(this.#members), 1);
		this.#members.push(member);
	}
}
