import { short } from "../format.js";
import type { Answer } from "../state.js";

/** The request of an answer in one line. */
export function titleOf({ spec, time }: Answer): string {
	const bounds = Object.entries(spec.constraints).map(
		([key, value]) => `${enumBound(key)} ${short(Number(value))}`,
	);
	const when = new Date(time).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
	return `${spec.inputSize} px, ${spec.classCount} classes${bounds.map((bound) => `, ${bound}`).join("")}, seed ${spec.seed} · ${when}`;
}

/** `maxFlopCount` → `≤ flopCount`. */
export function enumBound(key: string): string {
	const names: Record<string, string> = {
		FlopCount: "flopCount",
		MacCount: "MACs",
		ParameterCount: "parameters",
	};
	return `${names[key.slice(3)] ?? key.slice(3)} ${key.startsWith("max") ? "≤" : "≥"}`;
}
