import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { MacroSequence } from "@archgen/design";
import { ArchgenError, messageToError } from "@archgen/errors";
import { type Cell, cellFromJson } from "@archgen/search-space";
import {
	type GenerationTask,
	type GeneratorCommand,
	type GeneratorReply,
	type GeneratorStart,
	START_CALL,
} from "./messages.js";

// Resolved through the package's exports, so that the compiled thread is found from sources and tests as well.
const THREAD_FILE = createRequire(import.meta.url).resolve("@archgen/seqgen/generator-thread");

interface Pending {
	resolve(sequences: readonly MacroSequence[]): void;
	reject(error: Error): void;
}

/** A sequence generator in a thread of its own: decoding is busy work that would keep every other call waiting. */
export class Generator {
	readonly #worker: Worker;
	readonly #pending = new Map<number, Pending>();
	#calls = 0;
	#failure: Error | undefined;

	/** The cell that each cluster is counted with under constraints; null where none is known. */
	readonly cells: readonly (Cell | null)[];

	private constructor(start: GeneratorStart) {
		this.cells = start.cells.map((cell) => cell && cellFromJson(cell));
		this.#worker = new Worker(THREAD_FILE, { workerData: start });
		this.#worker.unref();
		this.#worker.on("message", (reply: GeneratorReply) => this.#settle(reply));
		this.#worker.on("error", (error) => this.#fail(error));
		this.#worker.on("exit", () => this.#fail(stopped()));
	}

	/** Loads a model; rejects as `GptNeoGenerator.load` does. */
	static async load(start: GeneratorStart): Promise<Generator> {
		const generator = new Generator(start);
		try {
			await generator.#answer(START_CALL);
			return generator;
		} catch (failure) {
			await generator.close();
			throw failure;
		}
	}

	/** The sequences of a task; rejects with the signal's reason as soon as it fires. */
	async generate(task: GenerationTask, signal: AbortSignal): Promise<readonly MacroSequence[]> {
		signal.throwIfAborted();
		const call = this.#calls;
		this.#calls += 1;
		const cancel = () => {
			this.#tell({ kind: "cancel", call });
			this.#pending.get(call)?.reject(signal.reason as Error);
		};
		signal.addEventListener("abort", cancel, { once: true });
		try {
			const answer = this.#answer(call);
			this.#tell({ kind: "generate", call, task });
			return await answer;
		} finally {
			signal.removeEventListener("abort", cancel);
			this.#pending.delete(call);
		}
	}

	/** Stops the thread. */
	async close(): Promise<void> {
		await this.#worker.terminate();
	}

	#tell(command: GeneratorCommand): void {
		this.#worker.postMessage(command);
	}

	#answer(call: number): Promise<readonly MacroSequence[]> {
		if (this.#failure) {
			return Promise.reject(this.#failure);
		}
		return new Promise((resolve, reject) => this.#pending.set(call, { resolve, reject }));
	}

	#settle(reply: GeneratorReply): void {
		const pending = this.#pending.get(reply.call);
		this.#pending.delete(reply.call);
		if (reply.ok) {
			pending?.resolve(reply.sequences);
		} else {
			pending?.reject(messageToError(reply.error));
		}
	}

	#fail(error: Error): void {
		this.#failure ??= error;
		for (const pending of this.#pending.values()) {
			pending.reject(this.#failure);
		}
		this.#pending.clear();
	}
}

function stopped(): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "GENERATOR_STOPPED",
		message: "The generator's thread has stopped; try again.",
	});
}
