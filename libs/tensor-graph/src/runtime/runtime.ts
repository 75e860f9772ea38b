import type { TensorData } from "../onnx-writer.js";
import type { DType } from "../tensor.js";

/** A tensor with its numbers, row-major. */
export interface TensorValue {
	readonly dtype: DType;
	readonly shape: readonly number[];
	readonly data: TensorData;
}

export type TensorValues = Readonly<Record<string, TensorValue>>;

export interface LoadOptions {
	/**
	 * How hard onnxruntime rewrites the graph when it is loaded: "all" (default) runs fastest and takes longest to
	 * create, "disabled" the other way round.
	 */
	readonly optimization?: "all" | "extended" | "basic" | "disabled";
	/**
	 * Keep the memory of a run for the next one instead of giving it back, default false. Pays for a model that runs thousands of
	 * times in the same shapes: a training step is a tenth faster without the page faults of fresh memory.
	 */
	readonly arena?: boolean;
}

export interface RunOptions {
	/** A run that has not begun is dropped; one that has begun finishes and its result is thrown away. */
	readonly signal?: AbortSignal;
	/** Names of the outputs wanted; all unless given. */
	readonly fetch?: readonly string[];
}

/** A model ready to run. */
export interface LoadedModel {
	/**
	 * Runs once; feeds that the model has no input for are ignored.
	 *
	 * @throws ArchgenError MODEL_RUN_FAILED for missing feeds and those of another type or shape; CANCELLED
	 */
	run(feeds: TensorValues, options?: RunOptions): Promise<TensorValues>;
	release(): Promise<void>;
}

/**
 * Many runs of a model with work between them, as the default export of a module of its own: a pool calls it in the thread where the model is,
 * so that nothing travels between the runs. Request and reply are what `structuredClone` can copy.
 *
 * @param signal fires when the reply is no longer wanted; heard only while the procedure waits for a turn of the event loop
 */
export type Procedure<Request, Reply> = (
	model: LoadedModel,
	request: Request,
	signal: AbortSignal,
) => Promise<Reply>;

/**
 * Who lives beside a model in its thread and remembers from call to call what must not travel; the default export of a module of its own makes
 * one. Setup, requests and replies are what `structuredClone` can copy; one request is answered after the other.
 */
export type ResidentFactory<Setup, Request, Reply> = (
	model: LoadedModel,
	setup: Setup,
) => (request: Request) => Promise<Reply>;

/** Where models run: in this thread (`createInlineRuntime`) or in worker threads (`SessionPool`). */
export interface Runtime {
	load(model: Uint8Array, options?: LoadOptions): Promise<LoadedModel>;
	close(): Promise<void>;
}

/** A float32 value. */
export function f32(data: Float32Array | readonly number[], shape: readonly number[]): TensorValue {
	return { dtype: "float32", shape, data: data instanceof Float32Array ? data : Float32Array.from(data) };
}

/** An int64 value. */
export function i64(data: BigInt64Array | readonly number[], shape: readonly number[]): TensorValue {
	return {
		dtype: "int64",
		shape,
		data: data instanceof BigInt64Array ? data : BigInt64Array.from(data, BigInt),
	};
}
