import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { errorToMessage } from "@archgen/errors";
import { createInlineRuntime } from "./inline-runtime.js";
import type { WorkerNotice, WorkerReply, WorkerRequest } from "./messages.js";
import type { LoadedModel, Procedure, ResidentFactory, TensorValues } from "./runtime.js";

interface Entry {
	readonly model: LoadedModel;
	readonly resident?: (request: unknown) => Promise<unknown>;
}

const runtime = createInlineRuntime({ threads: (workerData as { threads: number }).threads });
const entries = new Map<number, Entry>();

async function load({
	model: id,
	bytes,
	options,
	resident,
}: WorkerRequest & { kind: "load" }): Promise<void> {
	const model = await runtime.load(bytes, options);
	if (resident === undefined) entries.set(id, { model });
	else {
		const factory = await defaultExport<ResidentFactory<unknown, unknown, unknown>>(resident.factory);
		entries.set(id, { model, resident: factory(model, resident.setup) });
	}
}

async function run({ model, feeds, fetch }: WorkerRequest & { kind: "run" }): Promise<TensorValues> {
	return entryOf(model).model.run(feeds, { fetch });
}

async function ask({ model, request }: WorkerRequest & { kind: "ask" }): Promise<unknown> {
	return entryOf(model).resident?.(request);
}

async function perform(request: WorkerRequest & { kind: "perform" }): Promise<unknown> {
	const { model } = entryOf(request.model);
	const procedure = await defaultExport<Procedure<unknown, unknown>>(request.procedure);
	return procedure(model, request.request, underWay!.controller.signal);
}

async function defaultExport<T>(module: string): Promise<T> {
	return ((await import(module)) as { default: T }).default;
}

async function release(request: WorkerRequest & { kind: "release" }): Promise<void> {
	await entries.get(request.model)?.model.release();
	entries.delete(request.model);
}

function entryOf(id: number): Entry {
	const entry = entries.get(id);
	if (entry === undefined) throw new Error("the model has been released");
	return entry;
}

function obey(request: WorkerRequest): Promise<unknown> {
	switch (request.kind) {
		case "load":
			return load(request);
		case "run":
			return run(request);
		case "perform":
			return perform(request);
		case "ask":
			return ask(request);
		case "release":
			return release(request);
	}
}

async function answer(request: WorkerRequest): Promise<void> {
	const { call } = request;
	let reply: WorkerReply;
	// lets the notices in that came during the last run
	await setImmediate();
	try {
		if (stopping) throw new Error("the session pool has been closed");
		if (dropped.has(call)) throw new Error("the run was cancelled before it began");
		underWay = { call, controller: new AbortController() };
		reply = { call, ok: true, reply: await obey(request) };
	} catch (error) {
		reply = { call, ok: false, error: errorToMessage(error, "MODEL_RUN_FAILED") };
	}
	dropped.delete(call);
	parentPort?.postMessage(reply);
}

// One request after the other: onnxruntime blocks this thread anyway, and a resident must see its requests in order.
let queue = Promise.resolve();
let stopping = false;
const dropped = new Set<number>();
let underWay: { readonly call: number; readonly controller: AbortController } | undefined;

parentPort?.on("message", (message: WorkerRequest | WorkerNotice) => {
	if (message.kind === "cancel") {
		if (message.call === underWay?.call) underWay.controller.abort();
		else dropped.add(message.call);
	} else if (message.kind === "stop") {
		stopping = true;
		underWay?.controller.abort();
		queue = queue.then(() => parentPort?.close());
	} else queue = queue.then(() => answer(message));
});
