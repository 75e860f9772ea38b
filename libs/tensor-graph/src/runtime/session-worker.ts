import { workerData } from "node:worker_threads";
import { serveCalls } from "@archgen/concurrency";
import { createInlineRuntime } from "./inline-runtime.js";
import type { WorkerRequest } from "./messages.js";
import type { LoadedModel, Procedure, ResidentFactory } from "./runtime.js";

interface Entry {
	readonly model: LoadedModel;
	readonly resident?: (request: unknown) => Promise<unknown>;
}

const runtime = createInlineRuntime({ threads: (workerData as { threads: number }).threads });
const entries = new Map<number, Entry>();

type Of<K extends WorkerRequest["kind"]> = Extract<WorkerRequest, { readonly kind: K }>;

/** The answer to each kind of request. */
const ANSWERS: {
	readonly [K in WorkerRequest["kind"]]: (request: Of<K>, signal: AbortSignal) => Promise<unknown>;
} = {
	load: async ({ model: id, bytes, options, resident }) => {
		const model = await runtime.load(bytes, options);
		if (resident === undefined) entries.set(id, { model });
		else {
			const factory = await defaultExport<ResidentFactory<unknown, unknown, unknown>>(resident.factory);
			entries.set(id, { model, resident: factory(model, resident.setup) });
		}
	},
	run: async ({ model, feeds, fetch }) => entryOf(model).model.run(feeds, { fetch }),
	ask: async ({ model, request }) => entryOf(model).resident?.(request),
	perform: async ({ model: id, procedure: module, request }, signal) => {
		const { model } = entryOf(id);
		const procedure = await defaultExport<Procedure<unknown, unknown>>(module);
		return procedure(model, request, signal);
	},
	release: async ({ model }) => {
		await entries.get(model)?.model.release();
		entries.delete(model);
	},
};

async function defaultExport<T>(module: string): Promise<T> {
	return ((await import(module)) as { default: T }).default;
}

function entryOf(id: number): Entry {
	const entry = entries.get(id);
	if (entry === undefined) throw new Error("the model has been released");
	return entry;
}

// One request after the other: onnxruntime blocks this thread anyway, and a resident must see its requests in order.
serveCalls<WorkerRequest>((request, signal) => ANSWERS[request.kind](request as never, signal), {
	oneAtATime: true,
	failureReason: "MODEL_RUN_FAILED",
});
