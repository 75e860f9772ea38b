import { throwIfAborted } from "@archgen/errors";
import { InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { DType } from "../tensor.js";
import { orRunFailure } from "./run-failure.js";
import type { LoadedModel, LoadOptions, RunOptions, Runtime, TensorValue, TensorValues } from "./runtime.js";

export interface InlineRuntimeOptions {
	/** Threads onnxruntime uses within one run, default 1. */
	readonly threads?: number;
	/**
	 * Called after each run with the bytes of its outputs. They lie outside the JavaScript heap, where the garbage
	 * collector does not see them pile up: a long-running thread counts them here and collects in time.
	 */
	readonly onOutput?: (bytes: number) => void;
}

/** A runtime in the calling thread, which it blocks while a model runs: for worker threads and scripts. */
export function createInlineRuntime({ threads = 1, onOutput }: InlineRuntimeOptions = {}): Runtime {
	return {
		async load(model, options = {}) {
			return new InlineModel(
				await orRunFailure(() => InferenceSession.create(model, sessionOptions(threads, options))),
				onOutput,
			);
		},
		close: async () => {},
	};
}

/** Options of a session that runs one request at a time. */
export function sessionOptions(
	threads: number,
	{ optimization = "all", arena = false }: LoadOptions,
): InferenceSession.SessionOptions {
	return {
		intraOpNumThreads: threads,
		interOpNumThreads: 1,
		executionMode: "sequential",
		graphOptimizationLevel: optimization,
		executionProviders: ["cpu"],
		// Each session's own arena keeps its largest working set for ever; the C library's allocator serves them all.
		enableCpuMemArena: arena,
		logSeverityLevel: 3,
		// Spinning threads of an idle session take the cores from the session that is running.
		extra: { session: { intra_op: { allow_spinning: "0" } } },
	};
}

class InlineModel implements LoadedModel {
	constructor(
		private readonly session: InferenceSession,
		private readonly onOutput: ((bytes: number) => void) | undefined,
	) {}

	async run(feeds: TensorValues, { signal, fetch }: RunOptions = {}): Promise<TensorValues> {
		throwIfAborted(signal);
		const outputs = await orRunFailure(async () => {
			const inputs = Object.fromEntries(Object.entries(feeds).map(([name, value]) => [name, toOrt(value)]));
			return this.session.run(inputs, [...(fetch ?? this.session.outputNames)]);
		});
		this.onOutput?.(
			Object.values(outputs).reduce((sum, { data }) => sum + (data as Float32Array).byteLength, 0),
		);
		throwIfAborted(signal);
		return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, fromOrt(tensor)]));
	}

	async release(): Promise<void> {
		await this.session.release();
	}
}

/** A tensor as onnxruntime takes it. */
export function toOrt({ dtype, data, shape }: TensorValue): OrtTensor {
	return new OrtTensor(dtype as "float32", data as Float32Array, shape as number[]);
}

function fromOrt(tensor: OrtTensor): TensorValue {
	return { dtype: tensor.type as DType, shape: tensor.dims, data: tensor.data as Float32Array };
}
