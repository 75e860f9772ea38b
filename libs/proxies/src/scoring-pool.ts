import { type ChildProcess, fork } from "node:child_process";
import { createRequire } from "node:module";
import { Channel, processPort } from "@archgen/concurrency";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import type { ScoreReport, ScoreRequest } from "./score-network.js";

export interface ScoringPoolOptions {
	/** Worker processes, default 2. Two with one thread each score more networks per second than one with two. */
	readonly workers?: number;
	/** Threads onnxruntime uses in each of them, default 1. */
	readonly threadsPerWorker?: number;
	/** A worker that holds more memory than this after a network is replaced by a fresh one, default 3 GiB. */
	readonly recycleBytes?: number;
	/**
	 * Milliseconds that a worker has to stop what was cancelled, default 25; one that is busy inside the runtime for longer is
	 * killed and replaced, which loses its compiled sections.
	 */
	readonly cancelGraceMs?: number;
}

/** How busy a pool is. */
export interface ScoringLoad {
	readonly running: number;
	readonly queued: number;
}

/** Workers that a network may take with it before it is given up. */
const MOST_WORKERS = 3;

interface Job {
	readonly request: ScoreRequest;
	readonly signal: AbortSignal | undefined;
	/** Workers that stopped while they scored it. */
	lost: number;
	resolve(report: ScoreReport): void;
	reject(error: Error): void;
}

/** A scoring worker's word about itself, with every answer. */
export interface WorkerUsage {
	/** Resident memory after the call. */
	readonly memoryBytes: number;
	/** Processor time that the worker has used so far, in seconds. */
	readonly cpuSeconds: number;
}

/** One worker process. */
interface ScoringWorker {
	readonly process: ChildProcess;
	readonly channel: Channel<ScoreRequest, WorkerUsage>;
	/** As it said with its last answer. */
	usage: WorkerUsage;
}

const WORKER_FILE = createRequire(import.meta.url).resolve("@archgen/proxies/scoring-worker");

/**
 * glibc gives every large block back to the system when it is freed, and most of the time of a network's passes would go
 * into fresh pages; with these settings a worker keeps its memory and uses it again.
 */
const ALLOCATOR = {
	MALLOC_ARENA_MAX: "1",
	MALLOC_MMAP_MAX_: "0",
	MALLOC_TRIM_THRESHOLD_: "4000000000",
	MALLOC_TOP_PAD_: "67108864",
};

/**
 * Workers say when garbage is collected, and collect it in their one thread. The outputs that it frees have to be free when the next ones are
 * wanted, which V8's helper threads often are too late for; and every core has a worker of its own already, from which four helpers took a quarter.
 */
const COLLECTOR = ["--expose-gc", "--single-threaded"];

/**
 * Scores networks in worker processes, one at a time in each. Processes rather than threads: one that runs out of memory
 * takes down only the network it was scoring, and its allocator can be set up for the job.
 */
export class ScoringPool {
	readonly #threads: number;
	readonly #recycleBytes: number;
	readonly #cancelGraceMs: number;
	readonly #idle: ScoringWorker[] = [];
	readonly #busy = new Map<ScoringWorker, Job>();
	readonly #queue: Job[] = [];
	#cpuSeconds = 0;
	#closed = false;

	private constructor(options: ScoringPoolOptions) {
		const { workers = 2, threadsPerWorker = 1, recycleBytes = 3 * 2 ** 30, cancelGraceMs = 25 } = options;
		this.#threads = threadsPerWorker;
		this.#recycleBytes = recycleBytes;
		this.#cancelGraceMs = cancelGraceMs;
		for (let i = 0; i < workers; i++) this.#startWorker();
	}

	static create(options: ScoringPoolOptions = {}): ScoringPool {
		return new ScoringPool(options);
	}

	get load(): ScoringLoad {
		return { running: this.#busy.size, queued: this.#queue.length };
	}

	/** Processor time that the workers have used, in seconds, up to the last reply of each. */
	get cpuSeconds(): number {
		return this.#cpuSeconds;
	}

	/**
	 * Scores one network as soon as a worker is free, again by another one when the worker stops. A call that is cancelled ends at once, its
	 * computation soon after.
	 *
	 * @throws what scoring throws; FAILED_PRECONDITION, reason SCORING_ENDS_WORKERS, for a network that no worker survives
	 */
	score(request: ScoreRequest, { signal }: { readonly signal?: AbortSignal } = {}): Promise<ScoreReport> {
		throwIfAborted(signal);
		if (this.#closed) return Promise.reject(unavailable("the scoring pool is closed"));
		return new Promise((resolve, reject) => {
			const job: Job = { request, signal, lost: 0, resolve, reject };
			const onAbort = () => this.#cancel(job);
			job.resolve = (report) => {
				signal?.removeEventListener("abort", onAbort);
				resolve(report);
			};
			job.reject = (error) => {
				signal?.removeEventListener("abort", onAbort);
				reject(error);
			};
			signal?.addEventListener("abort", onAbort, { once: true });
			this.#queue.push(job);
			this.#dispatch();
		});
	}

	/** Stops the workers; what is running or waiting is rejected as unavailable. */
	async close(): Promise<void> {
		this.#closed = true;
		for (const job of this.#queue.splice(0)) job.reject(unavailable("the scoring pool was closed"));
		const workers = [...this.#idle, ...this.#busy.keys()];
		await Promise.all(
			workers.map(({ process: worker, channel }) => {
				// Without a reference the program could end before the exit is seen.
				worker.ref();
				worker.kill("SIGKILL");
				return channel.ended;
			}),
		);
	}

	#startWorker(): void {
		const child = fork(WORKER_FILE, [String(this.#threads)], {
			env: { ...process.env, ...ALLOCATOR },
			execArgv: COLLECTOR,
			serialization: "advanced",
			stdio: ["ignore", "inherit", "inherit", "ipc"],
		});
		const onNote = (usage: WorkerUsage) => {
			this.#cpuSeconds += usage.cpuSeconds - worker.usage.cpuSeconds;
			worker.usage = usage;
		};
		const lost = () => unavailable("the scoring worker has stopped");
		const channel = new Channel<ScoreRequest, WorkerUsage>(processPort(child), { lost, onNote });
		const worker: ScoringWorker = { process: child, channel, usage: { memoryBytes: 0, cpuSeconds: 0 } };
		void channel.ended.then(() => this.#replace(worker));
		this.#idle.push(worker);
	}

	#dispatch(): void {
		while (this.#queue.length > 0 && this.#idle.length > 0)
			void this.#run(this.#idle.pop()!, this.#queue.shift()!);
	}

	async #run(worker: ScoringWorker, job: Job): Promise<void> {
		this.#busy.set(worker, job);
		try {
			job.resolve(await worker.channel.call<ScoreReport>(job.request, job.signal));
		} catch (error) {
			if (worker.channel.isLost && !job.signal?.aborted) this.#again(job);
			else job.reject(error as Error);
		} finally {
			this.#busy.delete(worker);
			this.#rest(worker);
			this.#dispatch();
		}
	}

	#rest(worker: ScoringWorker): void {
		if (worker.channel.isLost) return;
		// Compiled models come and go by the hundred, and the holes they leave in the heap do not all fill again.
		if (worker.usage.memoryBytes > this.#recycleBytes) worker.process.kill("SIGKILL");
		else this.#idle.push(worker);
	}

	#cancel(job: Job): void {
		const waiting = this.#queue.indexOf(job);
		if (waiting >= 0) this.#queue.splice(waiting, 1);
		job.reject(cancelled(job.signal!));
		for (const [worker, running] of this.#busy) if (running === job) this.#killUnlessStopped(worker, job);
	}

	/** A worker that is inside a long call of the runtime does not hear that it is to stop. */
	#killUnlessStopped(worker: ScoringWorker, job: Job): void {
		setTimeout(() => {
			if (this.#busy.get(worker) === job) worker.process.kill("SIGKILL");
		}, this.#cancelGraceMs).unref();
	}

	/** Has a network scored by the next worker when its worker stopped; one that stops them every time has no score. */
	#again(job: Job): void {
		job.lost++;
		if (this.#closed) job.reject(unavailable("the scoring pool was closed"));
		else if (job.lost >= MOST_WORKERS) job.reject(workersLost());
		else this.#queue.unshift(job);
	}

	#replace(worker: ScoringWorker): void {
		const at = this.#idle.indexOf(worker);
		if (at >= 0) this.#idle.splice(at, 1);
		if (this.#closed) return;
		this.#startWorker();
		this.#dispatch();
	}
}

function workersLost(): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "SCORING_ENDS_WORKERS",
		message: `The scoring worker stopped each of ${MOST_WORKERS} times that it scored this network, most likely for lack of memory; score it on fewer or smaller images.`,
	});
}

function unavailable(message: string): ArchgenError {
	return new ArchgenError({ category: "UNAVAILABLE", reason: "SCORING_WORKER_LOST", message });
}

function cancelled(signal: AbortSignal): Error {
	try {
		throwIfAborted(signal);
	} catch (error) {
		return error as Error;
	}
	throw new Error("the signal has not fired");
}
