import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Channel, threadPort, untilAborted } from "@archgen/concurrency";
import type { MacroSequence } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { type Cell, cellFromJson } from "@archgen/search-space";
import type { GenerationTask, GeneratorRequest, GeneratorStart } from "./messages.js";

// Resolved through the package's exports, so that the compiled thread is found from sources and tests as well.
const THREAD_FILE = createRequire(import.meta.url).resolve("@archgen/seqgen/generator-thread");

/** A sequence generator in a thread of its own: decoding is busy work that would keep every other call waiting. */
export class Generator {
	readonly #worker = new Worker(THREAD_FILE);
	readonly #channel = new Channel<GeneratorRequest>(threadPort(this.#worker), {
		lost: (cause) => cause ?? stopped(),
	});

	/** @param cells the cell that each cluster is counted with under constraints; null where none is known */
	private constructor(readonly cells: readonly (Cell | null)[]) {}

	/** Loads a model; rejects as `GptNeoGenerator.load` does. */
	static async load(start: GeneratorStart): Promise<Generator> {
		const generator = new Generator(start.cells.map((cell) => cell && cellFromJson(cell)));
		try {
			await generator.#channel.call({ kind: "load", start });
			return generator;
		} catch (failure) {
			await generator.close();
			throw failure;
		}
	}

	/** The sequences of a task; rejects with the signal's reason as soon as it fires. */
	async generate(task: GenerationTask, signal: AbortSignal): Promise<readonly MacroSequence[]> {
		signal.throwIfAborted();
		const answer = this.#channel.call<readonly MacroSequence[]>({ kind: "generate", task }, signal);
		return untilAborted(answer, signal);
	}

	/** Stops the thread. */
	async close(): Promise<void> {
		await this.#worker.terminate();
	}
}

function stopped(): ArchgenError {
	return new ArchgenError({
		category: "UNAVAILABLE",
		reason: "GENERATOR_STOPPED",
		message: "The generator's thread has stopped; try again.",
	});
}
