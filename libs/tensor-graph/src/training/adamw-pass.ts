import { vectorPass } from "../vector/vector-pass.js";

/**
 * One AdamW step: m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − η(m̂ / (√v̂ + ε) + λθ), with m̂ = m / c₁, v̂ = v / c₂,
 * c = 1 − βⁿ, corrected for their start at 0.
 *
 * Taken as (1 − ηλ)θ − (η√c₂ / c₁) · m / (√v + ε√c₂); the factor of clipping is in what g is multiplied by.
 */
export const adamwPass = vectorPass({
	arrays: ["parameters", "gradient", "first", "second"],
	scalars: ["b1", "g1", "b2", "g2", "kept", "size", "epsilon"],
	results: [
		["first", ["add", ["mul", "first", "b1"], ["mul", "gradient", "g1"]]],
		["root", ["mul", "gradient", "g2"]],
		["second", ["add", ["mul", "second", "b2"], ["mul", "root", "root"]]],
		["direction", ["div", "first", ["add", ["sqrt", "second"], "epsilon"]]],
		["parameters", ["sub", ["mul", "parameters", "kept"], ["mul", "direction", "size"]]],
	],
});
