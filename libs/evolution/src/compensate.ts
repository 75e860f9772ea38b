import { cellCount, roundChannels } from "@archgen/design";
import type { Random } from "@archgen/random";
import { NETWORK_LIMITS } from "@archgen/search-space";
import type { DesignStage, MacroDesign } from "./design.js";

/** Steps that are tried in each direction before a child is given up. */
const STEPS = 12;
/** Factor of a width in one step. */
const WIDTH_STEP = 1.25;

/**
 * A child and, for bounds that it breaks, versions in which other stages pay: step by step a random stage loses width or a repeat; then
 * the same from the child upwards. A search that lives at its bound can so move cost from one stage to another in one child.
 */
export function* compensated(child: MacroDesign, random: Random): Generator<MacroDesign> {
	yield child;
	yield* steps(child, random, shrunk);
	yield* steps(child, random, grown);
}

type Change = (stage: DesignStage, narrow: boolean, room: number) => DesignStage;

function* steps(child: MacroDesign, random: Random, change: Change): Generator<MacroDesign> {
	let { stages } = child;
	for (let i = 0; i < STEPS; i++) {
		const at = random.integer(stages.length);
		const room = NETWORK_LIMITS.cells.maximum - cellCount(stages);
		stages = stages.with(at, change(stages[at]!, random.uniform() < 0.5, room));
		yield { ...child, stages };
	}
}

const shrunk: Change = (stage, narrow) =>
	!narrow && stage.repeats > 1
		? { ...stage, repeats: stage.repeats - 1 }
		: { ...stage, channels: Math.min(stage.channels, roundChannels(stage.channels / WIDTH_STEP - 4)) };

const grown: Change = (stage, widen, room) =>
	!widen && room > 0 && stage.repeats < NETWORK_LIMITS.repeats.maximum
		? { ...stage, repeats: stage.repeats + 1 }
		: { ...stage, channels: roundChannels(stage.channels * WIDTH_STEP + 4) };
