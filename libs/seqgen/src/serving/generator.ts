import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import { Channel, threadPort, untilAborted } from "@archgen/concurrency";
import { isBounded, type MacroSequence } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { cellToJson } from "@archgen/search-space";
import { countedCells, type StageCells, withStageCells } from "../stage-cells.js";
import type { GenerationTask, GeneratorRequest } from "./messages.js";

// Resolved through the package's exports, so that the compiled thread is found from sources and tests as well.
const THREAD_FILE = createRequire(import.meta.url).resolve("@archgen/seqgen/generator-thread");

/** A sequence generator in a thread of its own: decoding is busy work that would keep every other call waiting. */
export class Generator {
	readonly #worker = new Worker(THREAD_FILE);
	readonly #channel = new Channel<GeneratorRequest>(threadPort(this.#worker), {
		lost: (cause) => cause ?? stopped(),
	});

	private constructor(private readonly cells: StageCells) {}

	/** Loads a model; rejects as `TaskRunner.load` does. @param folder in Hugging Face form */
	static async load(folder: string, cells: StageCells, threads: number): Promise<Generator> {
		const generator = new Generator(cells);
		const counted = countedCells(cells).map((cell) => cell && cellToJson(cell));
		try {
			await generator.#channel.call({ kind: "load", start: { folder, cells: counted, threads } });
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
		const sequences = await untilAborted(answer, signal);
		return sequences.map((sequence) => withStageCells(sequence, this.cells, isBounded(task.constraints)));
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
