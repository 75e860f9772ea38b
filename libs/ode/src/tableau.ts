/**
 * An explicit Runge–Kutta method as data (Butcher tableau), s stages:
 *
 *     kᵢ = f(t + cᵢh, y + h Σ_{j<i} aᵢⱼ kⱼ),   y⁺ = y + h Σ bᵢ kᵢ,   error = h Σ (bᵢ − b̂ᵢ) kᵢ
 */
export interface Tableau {
	readonly name: string;
	/** Order p of the solution that is carried forward: the error of one step is O(hᵖ⁺¹). */
	readonly order: number;
	/** c, [s]. */
	readonly nodes: readonly number[];
	/** a, row i has i entries. */
	readonly coupling: readonly (readonly number[])[];
	/** b, [s]. */
	readonly weights: readonly number[];
	/** b̂, [s]: the second solution whose distance from the first estimates the error. Without it steps are fixed. */
	readonly embedded?: { readonly order: number; readonly weights: readonly number[] };
	/** The last stage is the first one of the next step (its row of a equals b), so an accepted step saves one evaluation. */
	readonly firstSameAsLast: boolean;
}
