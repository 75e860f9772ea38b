import { fork } from "node:child_process";
import { mkdtemp, open, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Channel, Places, processPort } from "@archgen/concurrency";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import type { NetworkFacts } from "@archgen/exporters";
import { countNetwork, type Network, type NetworkJson, networkToJson } from "@archgen/search-space";
import type { FileFormat } from "./export-files.js";

/** What an export process is told. */
export interface ExportTask {
	readonly network: NetworkJson;
	readonly formats: readonly FileFormat[];
	/** Of the weights in files that carry them. */
	readonly seed: number;
	/** For the model card of a project. */
	readonly facts: NetworkFacts;
	/** Where to write the files. */
	readonly folder: string;
}

/** A file that was written. */
export interface ExportedFile {
	readonly format: FileFormat;
	readonly fileName: string;
	readonly mediaType: string;
	readonly path: string;
	readonly bytes: number;
}

/** A piece of a file. */
export interface ExportedPiece extends ExportedFile {
	/** Where it begins. */
	readonly offset: number;
	readonly content: Buffer;
}

/** Bounds of exports. */
export interface ExportLimits {
	/** Largest file with weights, in bytes. */
	readonly maxBytes: number;
	/** Exports at once, each a process. */
	readonly atOnce: number;
	/** Exports that may wait. */
	readonly waiting: number;
}

const BYTES_PER_PARAMETER = 4;
const WITH_WEIGHTS: ReadonlySet<FileFormat> = new Set<FileFormat>(["onnx", "tflite"]);
const RETRY_MS = 2_000;
// Resolved through the package's exports, so that the compiled program is found from sources and tests as well.
const PROGRAM = createRequire(import.meta.url).resolve("@archgen/orchestrator-service/export-process");

/**
 * Writes networks in file formats, in a process for each and a few at once: drawing millions of weights needs several times the memory of the
 * file, which must not be that of the service.
 */
export class Exporter {
	readonly #places: Places;

	constructor(private readonly limits: ExportLimits) {
		this.#places = new Places(limits.atOnce);
	}

	/**
	 * The pieces of the files one after another; the files are deleted when the reader stops.
	 *
	 * @throws INVALID_ARGUMENT, reason EXPORT_TOO_LARGE; RESOURCE_EXHAUSTED when too many wait or the process has no memory
	 */
	async *pieces(
		network: Network,
		{ formats, seed, facts }: Pick<ExportTask, "formats" | "seed" | "facts">,
		pieceBytes: number,
		signal: AbortSignal,
	): AsyncGenerator<ExportedPiece> {
		this.#requireSize(network, formats);
		const leave = await this.#enter(signal);
		let folder: string | undefined;
		try {
			folder = await mkdtemp(join(tmpdir(), "archgen-export-"));
			const task = { network: networkToJson(network), formats, seed, facts, folder };
			for (const file of await runProcess(task, signal)) yield* piecesOf(file, pieceBytes);
		} finally {
			// The place is given back whatever the file system says.
			leave();
			if (folder !== undefined) await rm(folder, { recursive: true, force: true });
		}
	}

	/** A place to write in, for as many as may wait for one. */
	async #enter(signal: AbortSignal): Promise<() => void> {
		signal.throwIfAborted();
		const { atOnce, waiting } = this.limits;
		if (this.#places.taken >= atOnce && this.#places.waiting >= waiting) throw busy(atOnce, waiting);
		return this.#places.wait(signal);
	}

	/** Files with weights are about as large as these. */
	#requireSize(network: Network, formats: readonly FileFormat[]): void {
		const bytes = BYTES_PER_PARAMETER * countNetwork(network).parameterCount;
		const heavy = formats.filter((format) => WITH_WEIGHTS.has(format));
		if (heavy.length === 0 || bytes <= this.limits.maxBytes) return;
		throw invalidArgument(
			"network",
			`has weights of ${mebibytes(bytes)} MiB, a file of this service at most ${mebibytes(this.limits.maxBytes)} MiB; leave ${heavy.join(" and ")} out, or write the file with archgen export.`,
			"EXPORT_TOO_LARGE",
		);
	}
}

async function runProcess(task: ExportTask, signal: AbortSignal): Promise<readonly ExportedFile[]> {
	signal.throwIfAborted();
	const child = fork(PROGRAM, { stdio: ["ignore", "ignore", "inherit", "ipc"], serialization: "advanced" });
	const channel = new Channel<ExportTask>(processPort(child), { lost: processEnded });
	const kill = () => child.kill("SIGKILL");
	signal.addEventListener("abort", kill, { once: true });
	try {
		return await channel.call<readonly ExportedFile[]>(task);
	} catch (error) {
		signal.throwIfAborted();
		throw error;
	} finally {
		signal.removeEventListener("abort", kill);
		kill();
		await channel.ended;
	}
}

async function* piecesOf(file: ExportedFile, pieceBytes: number): AsyncGenerator<ExportedPiece> {
	const handle = await open(file.path);
	try {
		for (let offset = 0; offset === 0 || offset < file.bytes; offset += pieceBytes) {
			const content = Buffer.alloc(Math.min(pieceBytes, file.bytes - offset));
			await handle.read(content, 0, content.length, offset);
			yield { ...file, offset, content };
		}
	} finally {
		await handle.close();
	}
}

function mebibytes(bytes: number): string {
	return (bytes / 2 ** 20).toFixed(0);
}

function busy(atOnce: number, waiting: number): ArchgenError {
	return new ArchgenError({
		category: "RESOURCE_EXHAUSTED",
		reason: "TOO_MANY_EXPORTS",
		message: `${atOnce} exports run and ${waiting} wait; retry later or ask another instance.`,
		retryAfterMs: RETRY_MS,
	});
}

function processEnded(): ArchgenError {
	return new ArchgenError({
		category: "RESOURCE_EXHAUSTED",
		reason: "EXPORT_PROCESS_ENDED",
		message:
			"The process that wrote the files ended, most likely for lack of memory; export a smaller network.",
		retryAfterMs: RETRY_MS,
	});
}
