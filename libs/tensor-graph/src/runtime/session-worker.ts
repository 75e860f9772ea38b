import { setImmediate } from "node:timers/promises";
import { parentPort, workerData } from "node:worker_threads";
import { createInlineRuntime } from "./inline-runtime.js";
import type { StateBinding, WorkerNotice, WorkerReply, WorkerRequest } from "./messages.js";
import type { LoadedModel, TensorValues } from "./runtime.js";

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

function perform(request: WorkerRequest): Promise<TensorValues> {
	switch (request.kind) {
		case "load":
			return load(request);
		case "run":
			return run(request);
		case "readState":
			return Promise.resolve(entryOf(request.model).state);
		case "release":
			return release(request);
	}
}

async function answer(request: WorkerRequest): Promise<void> {
	let reply: WorkerReply;
	// lets the notices in that came during the last run
	await setImmediate();
	try {
		if (stopping) throw new Error("the session pool has been closed");
		if (dropped.has(request.call)) throw new Error("the run was cancelled before it began");
		reply = { call: request.call, ok: true, values: await perform(request) };
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		reply = { call: request.call, ok: false, message };
	}
	dropped.delete(request.call);
	parentPort?.postMessage(reply);
}

// One request after the other: onnxruntime blocks this thread anyway, and state must see the runs in order.
let queue = Promise.resolve();
let stopping = false;
const dropped = new Set<number>();

parentPort?.on("message", (message: WorkerRequest | WorkerNotice) => {
	if (message.kind === "cancel") dropped.add(message.call);
	else if (message.kind === "stop") {
		stopping = true;
		queue = queue.then(() => parentPort?.close());
	} else queue = queue.then(() => answer(message));
});
