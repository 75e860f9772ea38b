import { allFinite, evaluate } from "./evaluate.js";
import type { Problem, State } from "./options.js";
import { WeightedSum } from "./weighted-sum.js";

/** One Runge–Kutta step of any tableau. All buffers are allocated once, in the precision of y0. */
export class Stepper<S extends State> {
	/** Field evaluations so far. */
	evaluations = 0;
	readonly #problem: Problem<S>;
	readonly #sum = new WeightedSum();
	readonly #errorWeights: readonly number[];
	/** k₁ … kₛ */
	readonly #stages: S[];
	readonly #argument: S;
	#y: S;
	#next: S;
	#firstStageIsKnown = false;

	constructor(problem: Problem<S>) {
		const { y0, tableau } = problem;
		this.#problem = problem;
		this.#errorWeights = tableau.weights.map((b, i) => b - (tableau.embedded?.weights[i] ?? b));
		this.#y = y0.slice() as S;
		this.#next = y0.slice() as S;
		this.#argument = y0.slice() as S;
		this.#stages = tableau.nodes.map(() => y0.slice() as S);
	}

	/** The state at the last accepted time. */
	get y(): S {
		return this.#y;
	}

	/** f(t, y), first stage of the step that starts at t. */
	get firstStage(): S {
		return this.#stages[0]!;
	}

	/** Makes sure that the first stage is f(t, y); false when it is not finite. */
	async prepare(t: number): Promise<boolean> {
		if (this.#firstStageIsKnown) return true;
		this.#firstStageIsKnown = await this.#evaluate(t, this.#y, this.firstStage);
		return this.#firstStageIsKnown;
	}

	/** Computes `next` from y by a step h; false, with `next` of no meaning, when a stage or the result is not finite. */
	async attempt(t: number, h: number): Promise<boolean> {
		const { nodes, coupling, weights, firstSameAsLast } = this.#problem.tableau;
		if (!(await this.prepare(t))) return false;
		for (let i = 1; i < nodes.length; i++) {
			// With first-same-as-last the last argument is the solution itself.
			const target = firstSameAsLast && i === nodes.length - 1 ? this.#next : this.#argument;
			this.#sum.combine(target, this.#y, h, coupling[i]!, this.#stages);
			if (!(await this.#evaluate(t + nodes[i]! * h, target, this.#stages[i]!))) return false;
		}
		if (!firstSameAsLast) this.#sum.combine(this.#next, this.#y, h, weights, this.#stages);
		return allFinite(this.#next);
	}

	/** Scaled error of the last attempt: acceptable up to 1, infinite when it overflows. */
	error(h: number): number {
		const { atol, rtol } = this.#problem;
		const norm = this.#sum.scaledNorm(h, this.#errorWeights, this.#stages, {
			a: this.#y,
			b: this.#next,
			atol,
			rtol,
		});
		return Number.isNaN(norm) ? Number.POSITIVE_INFINITY : norm;
	}

	/** Makes `next` the state. */
	accept(): void {
		[this.#y, this.#next] = [this.#next, this.#y];
		this.#firstStageIsKnown = this.#problem.tableau.firstSameAsLast;
		if (!this.#firstStageIsKnown) return;
		const last = this.#stages.length - 1;
		[this.#stages[0], this.#stages[last]] = [this.#stages[last]!, this.#stages[0]!];
	}

	/** ‖y‖, ‖f‖ and ‖f(t + h, y + hf) − f‖ / |h| at the start of the integration, in the scaled norm (see initial-step.ts). */
	async derivativeNorms(t: number): Promise<{ y: number; f: number; along(h: number): Promise<number> }> {
		const { atol, rtol } = this.#problem;
		const scale = { a: this.#y, b: this.#y, atol, rtol };
		const f = this.firstStage;
		return {
			y: this.#sum.scaledNorm(1, [1], [this.#y], scale),
			f: this.#sum.scaledNorm(1, [1], [f], scale),
			along: async (h) => {
				this.#sum.combine(this.#argument, this.#y, h, [1], [f]);
				// Any buffer that the next attempt overwrites will do.
				const finite = await this.#evaluate(t + h, this.#argument, this.#next);
				const change = this.#sum.scaledNorm(1 / h, [1, -1], [this.#next, f], scale);
				return finite ? change : Number.POSITIVE_INFINITY;
			},
		};
	}

	/** target = f(t, y); false when any component is not finite. */
	#evaluate(t: number, y: S, target: S): Promise<boolean> {
		this.evaluations++;
		return evaluate(this.#problem, t, y, target);
	}
}
