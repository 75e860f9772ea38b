import type { Condition, ConditionTarget } from "@archgen/discrete-diffusion";
import { invalidArgument } from "@archgen/errors";

const FIELD = "--condition";

/** Share of the rows whose values are "top" unless another is given. */
export const TOP_SHARE = 0.05;

/**
 * Reads METRIC=CLASS, a class that is asked for.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `--condition`)
 */
export function parseCondition(text: string): Condition {
	const { name, value } = splitOption(text);
	if (name !== "" && value !== undefined && value !== "") return { metric: name, class: value };
	throw invalidArgument(FIELD, `${JSON.stringify(text)} is not METRIC=CLASS, such as c10_val=top`);
}

/** Target classes by the word that a condition begins with. */
const TARGETS: Readonly<
	Record<ConditionTarget["kind"], (column: string, value: number) => ConditionTarget | undefined>
> = {
	top: (column, share) => (share > 0 && share < 1 ? { kind: "top", column, share } : undefined),
	within: (column, most) => (Number.isFinite(most) ? { kind: "within", column, most } : undefined),
};

/**
 * Reads COLUMN, COLUMN=top:SHARE or COLUMN=within:MOST, a class that is learnt.
 *
 * @throws ArchgenError INVALID_ARGUMENT (field `--condition`)
 */
export function parseConditionTarget(text: string): ConditionTarget {
	const { name, value = `top:${TOP_SHARE}` } = splitOption(text);
	const [kind, number, ...more] = value.split(":");
	const read = Object.hasOwn(TARGETS, kind!) ? TARGETS[kind as ConditionTarget["kind"]] : undefined;
	const target = number?.trim() && more.length === 0 ? read?.(name, Number(number)) : undefined;
	if (target !== undefined && name !== "") return target;
	throw invalidArgument(
		FIELD,
		`${JSON.stringify(text)} is none of COLUMN, COLUMN=top:SHARE with a share between 0 and 1, COLUMN=within:MOST`,
	);
}

function splitOption(text: string): { readonly name: string; readonly value: string | undefined } {
	const at = text.indexOf("=");
	return at < 0 ? { name: text, value: undefined } : { name: text.slice(0, at), value: text.slice(at + 1) };
}
