import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Channel, threadPort } from "@archgen/concurrency";
import { throwIfAborted } from "@archgen/errors";
import type { WorkerRequest } from "./messages.js";
import { runFailure } from "./run-failure.js";
import type { LoadedModel, LoadOptions, RunOptions, Runtime, TensorValues } from "./runtime.js";

export interface SessionPoolOptions {
	/** Worker threads, default 1. */
	readonly workers?: number;
	/** Threads onnxruntime uses in each of them, default 2. */
	readonly threadsPerWorker?: number;
}

// Resolved through the package's exports, so that the compiled worker is found from sources and tests as well.
const WORKER_FILE = createRequire(import.meta.url).resolve("@archgen/tensor-graph/session-worker");

/** One worker thread. Ending it inside onnxruntime would take the whole process down, so it is stopped and never terminated. */
interface SessionWorker {
	readonly channel: Channel<WorkerRequest>;
	/** Residents that live in the worker. */
	residents: number;
}

function startWorker(threads: number): SessionWorker {
	const worker = new Worker(WORKER_FILE, { workerData: { threads } });
	const lost = (cause: Error | undefined) =>
		runFailure(cause?.message ?? "the session worker has stopped", cause);
	return { channel: new Channel(threadPort(worker), { lost }), residents: 0 };
}

/** Runs models in worker threads, so that the calling thread stays free for requests and health checks. */
export class SessionPool implements Runtime {
	readonly #workers: readonly SessionWorker[];
	#models = 0;

	private constructor(workers: readonly SessionWorker[]) {
		this.#workers = workers;
	}

	static create({ workers = 1, threadsPerWorker = 2 }: SessionPoolOptions = {}): SessionPool {
		return new SessionPool(Array.from({ length: workers }, () => startWorker(threadsPerWorker)));
	}

	/** Worker threads: runs at a time. */
	get size(): number {
		return this.#workers.length;
	}

	/** Loads a model into every worker; runs go to the worker with the shortest queue. */
	async load(model: Uint8Array, options: LoadOptions = {}): Promise<PooledModel> {
		const id = this.#models++;
		await Promise.all(
			this.#workers.map(({ channel }) => channel.call({ kind: "load", model: id, bytes: model, options })),
		);
		return {
			run: (feeds, runOptions) => this.#run(id, feeds, runOptions),
			perform: async (procedure, request, signal) => {
				const message = { kind: "perform", model: id, procedure: procedure.href, request } as const;
				return this.#leastLoaded().call(message, signal);
			},
			release: async () => {
				await Promise.all(this.#workers.map(({ channel }) => channel.call({ kind: "release", model: id })));
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
		const workers = [...this.#workers].sort(
			(a, b) => a.residents - b.residents || a.channel.pending - b.channel.pending,
		);
		return Promise.all(
			homes.map(async ({ model, setup }, i) => {
				const worker = workers[i % workers.length]!;
				const id = this.#models++;
				const resident = { factory: factory.href, setup };
				worker.residents++;
				const loaded = worker.channel.call({ kind: "load", model: id, bytes: model, options, resident });
				await loaded.catch((error: unknown) => {
					worker.residents--;
					throw error;
				});
				return {
					ask: (request, signal) => worker.channel.call({ kind: "ask", model: id, request }, signal),
					release: async () => {
						worker.residents--;
						await worker.channel.call({ kind: "release", model: id });
					},
				};
			}),
		);
	}

	/** Drops the runs that have not begun, waits for those under way and ends the workers; more than once does no harm. */
	async close(): Promise<void> {
		await Promise.all(this.#workers.map(({ channel }) => channel.stop()));
	}

	async #run(id: number, feeds: TensorValues, { signal, fetch }: RunOptions = {}): Promise<TensorValues> {
		const values = await this.#leastLoaded().call<TensorValues>(
			{ kind: "run", model: id, feeds, fetch },
			signal,
		);
		throwIfAborted(signal);
		return values;
	}

	#leastLoaded(): Channel<WorkerRequest> {
		const channels = this.#workers.map(({ channel }) => channel);
		return channels.reduce((best, channel) => (channel.pending < best.pending ? channel : best));
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
