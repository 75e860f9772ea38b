import type { Placed } from "./pareto.js";

/** A mark of a scatter plot. */
export interface Mark extends Placed {
	readonly key: string;
	/** How it is drawn; dominated marks are dimmed, infeasible ones are dotted rings, published networks are diamonds. */
	readonly kind: "front" | "dominated" | "infeasible" | "reference";
	readonly label: string;
	/** Text beside the mark. */
	readonly name?: string;
}
