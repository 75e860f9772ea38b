import { f32, type LoadedModel, type TensorValue, type TensorValues } from "../runtime/runtime.js";
import { vectorPass } from "../vector/vector-pass.js";
import type { SharedMemory } from "../vector/wasm.js";
import type { AdamwScalars } from "./adamw.js";
import { adamwPass } from "./adamw-pass.js";
import { averagePass } from "./average-pass.js";
import { type MemoryPlan, type Region, TrainingMemory } from "./training-memory.js";

/** Outputs of the share's model that are gradients are named so, with the parameter behind it; the others are scalars to report. */
export const GRADIENT = "d loss / d ";

export interface ShareSetup {
	readonly plan: MemoryPlan;
	readonly memory: SharedMemory;
	/** Number of the share. */
	readonly share: number;
}

/** The parts of a step. All residents finish one before any begins the next. */
export type ShareRequest =
	/** Computes the share's gradient on a batch; replies with its loss and metrics. */
	| { readonly kind: "differentiate"; readonly batch: TensorValues }
	/** Adds up the shares' gradients over the resident's stretch; replies with the sum of squares. */
	| { readonly kind: "addUp" }
	/** Takes the optimiser step over the resident's stretch, then moves the parameters' average with this decay where there is one. */
	| { readonly kind: "update"; readonly scalars: AdamwScalars; readonly decay: number };

export type ShareReply = Readonly<Record<string, number>>;

const squares = vectorPass({ arrays: ["x"], scalars: [], results: [], sum: ["mul", "x", "x"] });
/** With the squares of the sums, so that the last one needs no pass of its own for them. */
const addition = vectorPass({
	arrays: ["sum", "x"],
	scalars: [],
	results: [["sum", ["add", "sum", "x"]]],
	sum: ["mul", "sum", "sum"],
});

/**
 * What works on one share of the loss, in the worker where its model is.
 *
 * @public the worker loads this file by its name
 */
export default function shareResident(model: LoadedModel, { plan, memory, share }: ShareSetup) {
	const training = new TrainingMemory(plan, memory);
	const { start, count } = training.stretch(share);
	const offset = (region: Region) => training.offset(region, start);
	const passes = {
		squares: squares(memory),
		addition: addition(memory),
		adamw: adamwPass(memory),
		average: averagePass(memory),
	};
	// What onnxruntime reads: it takes no shared memory.
	const parameters: Record<string, TensorValue> = Object.fromEntries(
		plan.specs.map(({ name, shape }) => [
			name,
			f32(new Float32Array(training.view("parameters", name).length), shape),
		]),
	);

	async function differentiate(batch: TensorValues): Promise<ShareReply> {
		for (const { name } of plan.specs)
			(parameters[name]!.data as Float32Array).set(training.view("parameters", name));
		const outputs = await model.run({ ...parameters, ...batch });
		const metrics: Record<string, number> = {};
		for (const [name, { data }] of Object.entries(outputs))
			if (!name.startsWith(GRADIENT)) metrics[name] = Number(data[0]);
			else training.view(share, name.slice(GRADIENT.length)).set(data as Float32Array);
		return metrics;
	}

	function addUp(): ShareReply {
		if (plan.shares === 1) return { squares: passes.squares({ x: offset(0) }, count, {}) };
		let sum = 0;
		for (let other = 1; other < plan.shares; other++)
			sum = passes.addition({ sum: offset(0), x: offset(other) }, count, {});
		return { squares: sum };
	}

	function update(scalars: AdamwScalars, decay: number): ShareReply {
		const [parameters, first, second] = [offset("parameters"), offset("first"), offset("second")];
		passes.adamw({ parameters, gradient: offset(0), first, second }, count, scalars);
		if (plan.averaged)
			passes.average({ average: offset("average"), parameters }, count, { decay, rest: 1 - decay });
		return {};
	}

	return async (request: ShareRequest): Promise<ShareReply> => {
		switch (request.kind) {
			case "differentiate":
				return differentiate(request.batch);
			case "addUp":
				return addUp();
			case "update":
				return update(request.scalars, request.decay);
		}
	};
}
