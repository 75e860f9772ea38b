import { type Counts, countLayers, type NetworkGraph } from "@archgen/search-space";
import type { BatchNormMode } from "./layer-expressions.js";
import {
	type BackwardResult,
	backwardPass,
	type CodesResult,
	codesPass,
	type ForwardResult,
	forwardPass,
} from "./network-passes.js";
import { type ReluCodesResult, reluCodesPass } from "./passes/relu-codes.js";
import type { Subject } from "./subject.js";

/**
 * Passes over the network that more than one proxy reads: sign codes of all layers with BN in eval mode, the same in train mode,
 * sign codes of ReLU inputs (train mode), saliencies of all weights (the mode of the request).
 */
export type SharedPass = "codes" | "codes_train" | "relu_codes" | "backward";

/** What the passes of one network found; each runs when it is first asked for and never twice. */
export class Evidence {
	readonly #done = new Map<string, Promise<unknown>>();

	/**
	 * @param planned shared passes that will be asked for: one may then do the work of another on the way
	 * @param seed of numbers that a proxy draws itself
	 */
	constructor(
		readonly subject: Subject,
		readonly graph: NetworkGraph,
		readonly bnMode: BatchNormMode,
		readonly seed: number,
		private readonly planned: ReadonlySet<SharedPass>,
	) {}

	/** Images in the minibatch. */
	get batch(): number {
		return this.subject.batch.shape[0];
	}

	get counts(): Counts {
		return countLayers(this.graph);
	}

	/** Sign codes of all convolutions and linear layers. */
	codes(bnMode: BatchNormMode = "eval"): Promise<CodesResult> {
		return this.once(`codes/${bnMode}`, () => codesPass(this.subject, bnMode));
	}

	reluCodes(): Promise<ReluCodesResult> {
		return this.once("relu-codes", () => reluCodesPass(this.subject));
	}

	/** Inputs of all sections and the logits. */
	forward(bnMode: BatchNormMode): Promise<ForwardResult> {
		if (bnMode === "eval" && this.planned.has("codes")) return this.codes();
		if (bnMode === "train" && this.planned.has("codes_train")) return this.codes("train");
		if (bnMode === "train" && this.planned.has("relu_codes")) return this.reluCodes();
		return this.once(`forward/${bnMode}`, () => forwardPass(this.subject, bnMode));
	}

	/** Saliencies, in the batch norm mode of the request unless another is given. */
	backward(bnMode: BatchNormMode = this.bnMode): Promise<BackwardResult> {
		return this.once(`backward/${bnMode}`, async () =>
			backwardPass(this.subject, await this.forward(bnMode), bnMode),
		);
	}

	/** The result of a pass that a proxy brings itself; `name` is its identity. */
	once<T>(name: string, run: () => Promise<T>): Promise<T> {
		const known = this.#done.get(name) as Promise<T> | undefined;
		if (known !== undefined) return known;
		const result = run();
		this.#done.set(name, result);
		return result;
	}

	/** The result of a pass if it has been run. */
	peek(pass: `codes/${BatchNormMode}`): Promise<CodesResult> | undefined;
	peek(pass: `backward/${BatchNormMode}`): Promise<BackwardResult> | undefined;
	peek(pass: string): Promise<unknown> | undefined {
		return this.#done.get(pass);
	}
}
