import { call } from "../api/client.js";
import type { Evaluation } from "../api/types.js";

const PAGE = 1000;

/** What charts show of an evaluation. */
export interface Point {
	readonly index: number;
	readonly score: number;
	readonly macCount: number;
	readonly parameterCount: number;
	readonly feasible: boolean;
}

interface Page {
	readonly evaluations: readonly Evaluation[];
	readonly nextPageToken: string;
}

/** Reads the evaluations of a job from where it left off, a page at a time. */
export class History {
	#token = "";
	#seen = 0;
	#turn: Promise<unknown> = Promise.resolve();
	readonly points: Point[] = [];

	constructor(readonly job: string) {}

	/** Adds what is new; returns how many. Reads come one after another: two at once would add the same evaluations twice. */
	read(signal: AbortSignal): Promise<number> {
		const reading = this.#turn.then(() => this.#read(signal));
		this.#turn = reading.catch(() => {});
		return reading;
	}

	async #read(signal: AbortSignal): Promise<number> {
		const before = this.points.length;
		for (;;) {
			const body = { parent: this.job, pageSize: PAGE, pageToken: this.#token };
			const { evaluations, nextPageToken } = await call<Page>("jobs", "ListEvaluations", body, { signal });
			for (const evaluation of evaluations.slice(this.#seen)) this.points.push(pointOf(evaluation));
			// The token of the last page stays: evaluations are added behind it.
			if (nextPageToken === "") {
				this.#seen = evaluations.length;
				return this.points.length - before;
			}
			this.#token = nextPageToken;
			this.#seen = 0;
		}
	}
}

function pointOf({ index, score, counts, constraintExcess }: Evaluation): Point {
	return {
		index,
		score,
		macCount: Number(counts.macCount),
		parameterCount: Number(counts.parameterCount),
		feasible: constraintExcess === 0,
	};
}

/** Best score so far at every index where it rises, and at the end. */
export function bestSoFar(points: readonly Point[]): { readonly index: number; readonly score: number }[] {
	const steps: { index: number; score: number }[] = [];
	for (const { index, score, feasible } of points) {
		if (feasible && (steps.length === 0 || score > steps.at(-1)!.score)) steps.push({ index, score });
	}
	const last = points.at(-1);
	if (last && steps.length > 0) steps.push({ index: last.index, score: steps.at(-1)!.score });
	return steps;
}

/** At most `count` points, spread evenly; a smooth chart needs no more. */
export function thinned<T>(points: readonly T[], count: number): T[] {
	if (points.length <= count) return [...points];
	return Array.from({ length: count }, (_, i) => points[Math.floor((i * points.length) / count)]!);
}
