import { throwIfAborted } from "@archgen/errors";
import type { Field, State } from "./options.js";

/** target = f(t, y); false when any component is not finite. @throws CANCELLED before the evaluation if the signal has fired */
export async function evaluate<S extends State>(
	{ field, signal }: { readonly field: Field<S>; readonly signal?: AbortSignal },
	t: number,
	y: S,
	target: S,
): Promise<boolean> {
	throwIfAborted(signal);
	const value = await field(t, y);
	if (value.length !== target.length) {
		throw new RangeError(`The field returned ${value.length} components for a state of ${target.length}.`);
	}
	target.set(value);
	return allFinite(target);
}

/** Whether every component is finite; 0 · x is 0 for finite x and NaN otherwise, which needs no branch per component. */
export function allFinite(values: State): boolean {
	let zero = 0;
	for (let i = 0; i < values.length; i++) zero += 0 * values[i]!;
	return zero === 0;
}
