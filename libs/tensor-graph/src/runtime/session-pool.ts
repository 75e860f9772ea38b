import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { type ArchgenError, messageToError, throwIfAborted } from "@archgen/errors";
import type { WorkerNotice, WorkerReply, WorkerRequest } from "./messages.js";
import { runFailure } from "./run-failure.js";
import type { LoadedModel, LoadOptions, RunOptions, Runtime, TensorValues } from "./runtime.js";

export interface SessionPoolOptions {
	/** Worker threads, default 1. */
	readonly workers?: number;
	/** Threads onnxruntime uses in each of them, default 2. */
	readonly threadsPerWorker?: number;
}

type Call = WorkerRequest extends infer R ? (R extends { call: number } ? Omit<R, "call"> : never) : never;

// Resolved through the package's exports, so that the compiled worker is found from sources and tests as well.
const WORKER_FILE = createRequire(import.meta.url).resolve("@archgen/tensor-graph/session-worker");

/** One worker thread and the calls it has not answered yet. */
class SessionWorker {
	readonly #worker: Worker;
	readonly #ended: Promise<void>;
	readonly #pending = new Map<number, { resolve(reply: unknown): void; reject(error: Error): void }>();
	#calls = 0;
	/** Residents that live in the worker. */
	residents = 0;
	#failure: ArchgenError | undefined;

	constructor(threads: number) {
		this.#worker = new Worker(WORKER_FILE, { workerData: { threads } });
		this.#worker.unref();
		this.#worker.on("message", (reply: WorkerReply) => this.#settle(reply));
		this.#worker.on("error", (error) => this.#fail(error));
		this.#worker.on("exit", () => this.#fail(new Error("the session worker has stopped")));
		this.#ended = new Promise((resolve) => this.#worker.on("exit", () => resolve()));
	}

	get load(): number {
		return this.#pending.size;
	}

	/** Asks the worker, which drops the call when the signal fires before it has begun. */
	async call<Reply>(request: Call, signal?: AbortSignal): Promise<Reply> {
		throwIfAborted(signal);
		if (this.#failure) throw this.#failure;
		const call = this.#calls++;
		const cancel = () => this.#tell({ kind: "cancel", call });
		signal?.addEventListener("abort", cancel);
		try {
			return await new Promise<Reply>((resolve, reject) => {
				this.#pending.set(call, { resolve: resolve as (reply: unknown) => void, reject });
				this.#worker.ref();
				this.#worker.postMessage({ ...request, call });
			});
		} catch (error) {
			throwIfAborted(signal);
			throw error;
		} finally {
			signal?.removeEventListener("abort", cancel);
		}
	}

	/** Waits for the run under way: ending a thread inside onnxruntime takes the whole process down. */
	async stop(): Promise<void> {
		this.#worker.ref();
		this.#tell({ kind: "stop" });
		await this.#ended;
	}

	#tell(notice: WorkerNotice): void {
		this.#worker.postMessage(notice);
	}

	#settle(reply: WorkerReply): void {
		const pending = this.#pending.get(reply.call);
		this.#pending.delete(reply.call);
		// An idle worker must not keep a finished program alive.
		if (this.#pending.size === 0) this.#worker.unref();
		if (reply.ok) pending?.resolve(reply.reply);
		else pending?.reject(messageToError(reply.error));
	}

	#fail(cause: Error): void {
		this.#failure ??= runFailure(cause.message, cause);
		for (const pending of this.#pending.values()) pending.reject(this.#failure);
		this.#pending.clear();
	}
}

/** Runs models in worker threads, so that the calling thread stays free for requests and health checks. */
export class SessionPool implements Runtime {
	readonly #workers: readonly SessionWorker[];
	#models = 0;

	private constructor(workers: readonly SessionWorker[]) {
		this.#workers = workers;
	}

	static create({ workers = 1, threadsPerWorker = 2 }: SessionPoolOptions = {}): SessionPool {
		return new SessionPool(Array.from({ length: workers }, () => new SessionWorker(threadsPerWorker)));
	}

	/** Worker threads: runs at a time. */
	get size(): number {
		return this.#workers.length;
	}

	/** Loads a model into every worker; runs go to the worker with the shortest queue. */
	async load(model: Uint8Array, options: LoadOptions = {}): Promise<PooledModel> {
		const id = this.#models++;
		await Promise.all(
			this.#workers.map((worker) => worker.call({ kind: "load", model: id, bytes: model, options })),
		);
		return {
			run: (feeds, runOptions) => this.#run(id, feeds, runOptions),
			perform: async (procedure, request, signal) => {
				const message = { kind: "perform", model: id, procedure: procedure.href, request } as const;
				return this.#leastLoaded().call(message, signal);
			},
			release: async () => {
				await Promise.all(this.#workers.map((worker) => worker.call({ kind: "release", model: id })));
			},
		};
	}

	/**
	 * Loads each model into one worker, where a resident lives beside it; into workers of their own as long as there are enough.
	 *
	 * @param factory file URL of the module that exports a {@link ResidentFactory}
	 */
	async loadResidents<Setup, Request, Reply>(
		factory: URL,
		homes: readonly ResidentHome<Setup>[],
		options: LoadOptions = {},
	): Promise<Resident<Request, Reply>[]> {
		const workers = [...this.#workers].sort((a, b) => a.residents - b.residents || a.load - b.load);
		return Promise.all(
			homes.map(async ({ model, setup }, i) => {
				const worker = workers[i % workers.length]!;
				const id = this.#models++;
				const resident = { factory: factory.href, setup };
				worker.residents++;
				const loaded = worker.call({ kind: "load", model: id, bytes: model, options, resident });
				await loaded.catch((error: unknown) => {
					worker.residents--;
					throw error;
				});
				return {
					ask: (request, signal) => worker.call({ kind: "ask", model: id, request }, signal),
					release: async () => {
						worker.residents--;
						await worker.call({ kind: "release", model: id });
					},
				};
			}),
		);
	}

	/** Drops the runs that have not begun, waits for those under way and ends the workers; more than once does no harm. */
	async close(): Promise<void> {
		await Promise.all(this.#workers.map((worker) => worker.stop()));
	}

	async #run(id: number, feeds: TensorValues, { signal, fetch }: RunOptions = {}): Promise<TensorValues> {
		const values = await this.#leastLoaded().call<TensorValues>(
			{ kind: "run", model: id, feeds, fetch },
			signal,
		);
		throwIfAborted(signal);
		return values;
	}

	#leastLoaded(): SessionWorker {
		return this.#workers.reduce((best, worker) => (worker.load < best.load ? worker : best));
	}
}

/** A model in every worker of a pool. */
export interface PooledModel extends LoadedModel {
	/**
	 * Calls a procedure in a worker.
	 *
	 * @param procedure file URL of the module that exports a {@link Procedure}
	 * @throws what the procedure throws, MODEL_RUN_FAILED for what is no ArchgenError; CANCELLED
	 */
	perform<Request, Reply>(procedure: URL, request: Request, signal?: AbortSignal): Promise<Reply>;
}

/** A model and what its resident is to know from the start. */
export interface ResidentHome<Setup> {
	readonly model: Uint8Array;
	readonly setup: Setup;
}

/** Who lives beside a model in one worker; see {@link SessionPool.loadResidents}. */
export interface Resident<Request, Reply> {
	/**
	 * A request that has begun counts, even if its signal fires: its reply is returned.
	 *
	 * @throws what the resident throws, MODEL_RUN_FAILED for what is no ArchgenError; CANCELLED
	 */
	ask(request: Request, signal?: AbortSignal): Promise<Reply>;
	release(): Promise<void>;
}
