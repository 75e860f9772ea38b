import {
	CELL_TEMPERATURES,
	type CellDrawOptions,
	type CellFailure,
	type CellGenerator,
	type CellRequest,
	drawByKind,
} from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { ccnf, type common, errorToItem, gvae, itemToError } from "@archgen/rpc";
import type { Cell } from "@archgen/search-space";
import { cellFromMessage, cellToMessage } from "@archgen/wire";
import { LRUCache } from "lru-cache";
import { calling, type Upstream } from "./upstream.js";
import type { Versions } from "./versions.js";

/** Cells drawn with one call: what both services take at once. */
const CHUNK = 1024;

/** Predicted vectors of the cells that synonyms are drawn of, by model version and hash: mostly those of a bundle's exemplars. */
export type KnownVectors = LRUCache<string, readonly number[]>;

/** An empty memory of {@link KnownVectors} for 4,096 cells. */
export function knownVectors(): KnownVectors {
	return new LRUCache({ max: 4096 });
}

/** The ccnf and gvae services as a source of cells for clusters. */
export class RemoteCells implements CellGenerator {
	constructor(
		private readonly upstream: Pick<Upstream, "ccnf" | "gvae" | "patienceMs">,
		private readonly versions: Versions,
		private readonly modelVersion: string,
		private readonly known = knownVectors(),
	) {}

	get version(): string {
		return `${this.versions.of("ccnf")}+${this.versions.of("gvae")}`;
	}

	async sample(
		requests: readonly CellRequest[],
		random: Random,
		{ temperatures = CELL_TEMPERATURES, signal }: CellDrawOptions = {},
	): Promise<readonly (Cell | CellFailure)[]> {
		return drawByKind(requests, {
			means: (clusters) =>
				this.#inChunks(clusters, random, (chunk, own) =>
					this.#draw(chunk.map(clusterCondition), temperatures.means, own, signal),
				),
			synonyms: (references) =>
				this.#inChunks(references, random.fork("synonyms"), async (chunk, own) =>
					this.#draw(
						(await this.#vectorsOf(chunk, signal)).map(vectorCondition),
						temperatures.synonyms,
						own,
						signal,
					),
				),
		});
	}

	#options(signal?: AbortSignal) {
		return { patienceMs: this.upstream.patienceMs, signal };
	}

	async #inChunks<T>(
		items: readonly T[],
		random: Random,
		draw: (chunk: readonly T[], seed: number) => Promise<(Cell | CellFailure)[]>,
	): Promise<(Cell | CellFailure)[]> {
		const cells: (Cell | CellFailure)[] = [];
		for (let start = 0; start < items.length; start += CHUNK) {
			const own = random.fork(start).integer(2 ** 31);
			cells.push(...(await draw(items.slice(start, start + CHUNK), own)));
		}
		return cells;
	}

	/** As `predict`, which is asked once for each cell and for none that is known: a row does not depend on those beside it. */
	async #vectorsOf(cells: readonly Cell[], signal?: AbortSignal): Promise<readonly (readonly number[])[]> {
		const keyOf = ({ hash }: Cell) => `${this.modelVersion}/${hash}`;
		// Without a version the services choose one, which may be another next time.
		const known = this.modelVersion === "" ? knownVectors() : this.known;
		const distinct = new Map(cells.map((cell) => [keyOf(cell), cell]));
		const vectors = new Map([...distinct.keys()].map((key) => [key, known.get(key)]));
		const unknown = [...distinct].filter(([key]) => vectors.get(key) === undefined);
		const predicted =
			unknown.length === 0
				? []
				: await this.predict(
						unknown.map(([, cell]) => cell),
						signal,
					);
		unknown.forEach(([key], i) => {
			vectors.set(key, predicted[i]);
			known.set(key, predicted[i]);
		});
		return cells.map((cell) => vectors.get(keyOf(cell))!);
	}

	/** What the predictor says of at most 1,024 cells: a standardised zero-cost vector for each. */
	async predict(cells: readonly Cell[], signal?: AbortSignal): Promise<readonly (readonly number[])[]> {
		const { modelVersion } = this;
		const encoding = gvae.EncodeCellsRequest.fromPartial({ cells: cells.map(cellToMessage), modelVersion });
		const encoded = await calling(
			"gvae",
			() => this.upstream.gvae.encodeCells(encoding, { signal }),
			this.#options(signal),
		);
		const latents = encoded.results.map(({ outcome }) => readLatent(outcome));
		const request = gvae.PredictZcVectorsRequest.fromPartial({ latents, modelVersion });
		const reply = await calling(
			"gvae",
			() => this.upstream.gvae.predictZcVectors(request, { signal }),
			this.#options(signal),
		);
		this.versions.note("gvae", reply.modelVersion);
		return reply.results.map(({ standardized }) => standardized);
	}

	/** One cell for each condition. */
	async #draw(
		conditions: readonly Condition[],
		temperature: number,
		seed: number,
		signal?: AbortSignal,
	): Promise<(Cell | CellFailure)[]> {
		const request = ccnf.SampleLatentsRequest.fromPartial({
			conditions: [...conditions],
			temperature,
			seed: BigInt(seed),
			modelVersion: this.modelVersion,
		});
		const reply = await calling(
			"ccnf",
			() => this.upstream.ccnf.sampleLatents(request, { signal }),
			this.#options(signal),
		);
		this.versions.note("ccnf", reply.modelVersion);
		const latents = reply.samples.map(({ latent }) => latent ?? { values: [] });
		return this.#decode(latents, signal);
	}

	async #decode(latents: readonly common.Latent[], signal?: AbortSignal): Promise<(Cell | CellFailure)[]> {
		const request = gvae.DecodeLatentsRequest.fromPartial({
			latents: [...latents],
			modelVersion: this.modelVersion,
		});
		const reply = await calling(
			"gvae",
			() => this.upstream.gvae.decodeLatents(request, { signal }),
			this.#options(signal),
		);
		this.versions.note("gvae", reply.modelVersion);
		return reply.results.map(readCell);
	}
}

type Condition = ccnf.LatentCondition;

function clusterCondition(cluster: number): Condition {
	return { target: { $case: "cluster", value: cluster } };
}

function vectorCondition(vector: readonly number[]): Condition {
	return { target: { $case: "standardized", value: { values: [...vector] } } };
}

function readLatent(outcome: gvae.EncodedCell["outcome"]): common.Latent {
	if (outcome?.$case === "latent") return outcome.value;
	throw itemToError(
		outcome?.value ??
			errorToItem(
				new ArchgenError({
					category: "INTERNAL",
					reason: "NO_OUTCOME",
					message: "The gvae service gave no latent.",
				}),
			),
	);
}

function readCell({ outcome }: gvae.DecodedCell, index: number): Cell | CellFailure {
	if (outcome?.$case === "cell") {
		return cellFromMessage(outcome.value, `results[${index}].cell`);
	}
	return { reason: outcome?.value.reason ?? "NO_OUTCOME" };
}
