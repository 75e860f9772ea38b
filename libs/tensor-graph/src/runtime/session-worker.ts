import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { errorToMessage } from "@archgen/errors";
import { createInlineRuntime } from "./inline-runtime.js";
import type { StateBinding, WorkerNotice, WorkerReply, WorkerRequest } from "./messages.js";
import type { LoadedModel, Procedure, TensorValues } from "./runtime.js";

interface Entry {
	readonly model: LoadedModel;
	readonly next: StateBinding["next"];
	state: TensorValues;
}

const runtime = createInlineRuntime({ threads: (workerData as { threads: number }).threads });
const entries = new Map<number, Entry>();

async function load(request: WorkerRequest & { kind: "load" }): Promise<TensorValues> {
	const model = await runtime.load(request.bytes, request.options);
	entries.set(request.model, { model, next: request.state?.next ?? {}, state: request.state?.initial ?? {} });
	return {};
}

async function run(request: WorkerRequest & { kind: "run" }): Promise<TensorValues> {
	const entry = entryOf(request.model);
	const nextNames = Object.values(entry.next);
	const fetch = request.fetch && [...request.fetch, ...nextNames];
	const outputs = await entry.model.run({ ...entry.state, ...request.feeds }, { fetch });
	if (nextNames.length === 0) return outputs;
	entry.state = Object.fromEntries(
		Object.entries(entry.next).map(([name, output]) => [name, outputs[output]!]),
	);
	const held = new Set(nextNames);
	return Object.fromEntries(Object.entries(outputs).filter(([name]) => !held.has(name)));
}

async function perform(request: WorkerRequest & { kind: "perform" }): Promise<unknown> {
	const { model } = entryOf(request.model);
	const module = (await import(request.procedure)) as { default: Procedure<unknown, unknown> };
	return module.default(model, request.request, underWay!.controller.signal);
}

async function release(request: WorkerRequest & { kind: "release" }): Promise<TensorValues> {
	await entries.get(request.model)?.model.release();
	entries.delete(request.model);
	return {};
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
		case "readState":
			return Promise.resolve(entryOf(request.model).state);
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

// One request after the other: onnxruntime blocks this thread anyway, and state must see the runs in order.
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
