import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { parseJsonFile } from "@archgen/files";
import type { Cell } from "@archgen/search-space";
import { f32, type LoadedModel, type SessionPool } from "@archgen/tensor-graph";
import { encodeCells } from "./cell-tensors.js";
import { type DecodeResult, decodeCell, splitScores } from "./decode-cell.js";
import { FEATURES, NODES, ZC_DIMENSION } from "./dimensions.js";
import { GVAE_FILES } from "./export-gvae.js";
import type { GvaeSize } from "./gvae-size.js";

/** Rows in one run: bounds memory, whatever the caller asks for. */
const CHUNK = 512;

/** Runs a trained G-VAE. All methods take any number of rows and work through them in chunks. */
export class GvaeModel {
	/** Numbers in one latent. */
	readonly latent: number;
	readonly #encoder: LoadedModel;
	readonly #decoder: LoadedModel;

	private constructor(latent: number, encoder: LoadedModel, decoder: LoadedModel) {
		this.latent = latent;
		this.#encoder = encoder;
		this.#decoder = decoder;
	}

	/**
	 * Loads `encoder.onnx`, `decoder.onnx` and `gvae.json` of a bundle folder.
	 *
	 * @throws ArchgenError FAILED_PRECONDITION `GVAE_FILES_MISSING` if one cannot be read
	 */
	static async load(pool: SessionPool, folder: string): Promise<GvaeModel> {
		const read = (file: string) =>
			readFile(join(folder, file)).catch((cause: unknown) => {
				throw missingFile(file, cause);
			});
		const files = new Map<string, Uint8Array>();
		for (const file of Object.values(GVAE_FILES)) files.set(file, await read(file));
		return GvaeModel.fromFiles(pool, files);
	}

	/** The same from the files in memory, as `exportGvae` returns them. */
	static async fromFiles(pool: SessionPool, files: ReadonlyMap<string, Uint8Array>): Promise<GvaeModel> {
		const file = (name: string) => {
			const bytes = files.get(name);
			if (bytes === undefined) throw missingFile(name, undefined);
			return bytes;
		};
		const size = parseJsonFile(file(GVAE_FILES.size), GVAE_FILES.size) as GvaeSize;
		const encoder = await pool.load(file(GVAE_FILES.encoder));
		const decoder = await pool.load(file(GVAE_FILES.decoder));
		return new GvaeModel(size.latent, encoder, decoder);
	}

	/** Latents f(x): the posterior means, flat [cells, latent]. */
	async encode(cells: readonly Cell[], signal?: AbortSignal): Promise<Float32Array> {
		const latents = new Float32Array(cells.length * this.latent);
		for (let start = 0; start < cells.length; start += CHUNK) {
			const chunk = cells.slice(start, start + CHUNK);
			const { adjacency, features } = encodeCells(chunk);
			const feeds = {
				adjacency: f32(adjacency, [chunk.length, NODES, NODES]),
				features: f32(features, [chunk.length, NODES, FEATURES]),
			};
			const { mean } = await this.#encoder.run(feeds, { signal, fetch: ["mean"] });
			latents.set(mean!.data as Float32Array, start * this.latent);
		}
		return latents;
	}

	/** Cells of the latents (flat [n, latent]) by the repairing decode, each with its own failure if it has none. */
	async decode(latents: Float32Array, signal?: AbortSignal): Promise<DecodeResult[]> {
		const results: DecodeResult[] = [];
		for await (const { rows, output } of this.#decoded(latents, signal)) {
			const scores = { edges: output("edges"), types: output("types"), kernels: output("kernels") };
			results.push(...splitScores(scores, rows).map(decodeCell));
		}
		return results;
	}

	/** Predicted standardised zero-cost vectors q(f), flat [n, 4]. */
	async predict(latents: Float32Array, signal?: AbortSignal): Promise<Float32Array> {
		const predicted = new Float32Array((latents.length / this.latent) * ZC_DIMENSION);
		for await (const { start, output } of this.#decoded(latents, signal)) {
			predicted.set(output("zc"), start * ZC_DIMENSION);
		}
		return predicted;
	}

	async release(): Promise<void> {
		await Promise.all([this.#encoder.release(), this.#decoder.release()]);
	}

	async *#decoded(latents: Float32Array, signal?: AbortSignal) {
		const total = latents.length / this.latent;
		for (let start = 0; start < total; start += CHUNK) {
			const rows = Math.min(CHUNK, total - start);
			const data = latents.slice(start * this.latent, (start + rows) * this.latent);
			const outputs = await this.#decoder.run({ latent: f32(data, [rows, this.latent]) }, { signal });
			yield { start, rows, output: (name: string) => outputs[name]!.data as Float32Array };
		}
	}
}

function missingFile(file: string, cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "GVAE_FILES_MISSING",
		message: `The model bundle has no readable ${file}; train it with "archgen train gvae" or restore the bundle.`,
		metadata: { file },
		cause,
	});
}
