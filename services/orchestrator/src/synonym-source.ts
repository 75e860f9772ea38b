import type { CellFailure } from "@archgen/evolution";
import type { SynonymRequest, SynonymSource } from "@archgen/generation";
import { createRandom } from "@archgen/random";
import { ccnf, type common, gvae } from "@archgen/rpc";
import type { Cell } from "@archgen/search-space";
import { cellFromMessage } from "@archgen/wire";
import { calling, type Upstream } from "./upstream.js";
import type { Versions } from "./versions.js";

/** Cells drawn with one call: what both services take at once. */
const CHUNK = 1024;

/** The ccnf and gvae services as a source of cells for clusters. */
export class RemoteSynonyms implements SynonymSource {
	constructor(
		private readonly upstream: Pick<Upstream, "ccnf" | "gvae">,
		private readonly versions: Versions,
		private readonly modelVersion: string,
	) {}

	get version(): string {
		return `${this.versions.of("ccnf")}+${this.versions.of("gvae")}`;
	}

	async sample(
		{ clusters, temperature, seed }: SynonymRequest,
		signal?: AbortSignal,
	): Promise<readonly (Cell | CellFailure)[]> {
		const random = createRandom(seed);
		const cells: (Cell | CellFailure)[] = [];
		for (let start = 0; start < clusters.length; start += CHUNK) {
			const chunk = clusters.slice(start, start + CHUNK);
			const own = random.fork(start).integer(2 ** 31);
			cells.push(...(await this.#decode(await this.#draw(chunk, temperature, own, signal), signal)));
		}
		return cells;
	}

	async #draw(
		clusters: readonly number[],
		temperature: number,
		seed: number,
		signal?: AbortSignal,
	): Promise<common.Latent[]> {
		const request = ccnf.SampleLatentsRequest.fromPartial({
			conditions: clusters.map((cluster) => ({ target: { $case: "cluster", value: cluster } })),
			temperature,
			seed: BigInt(seed),
			modelVersion: this.modelVersion,
		});
		const reply = await calling("ccnf", this.upstream.ccnf.sampleLatents(request, { signal }));
		this.versions.note("ccnf", reply.modelVersion);
		return reply.samples.map(({ latent }) => latent ?? { values: [] });
	}

	async #decode(latents: readonly common.Latent[], signal?: AbortSignal): Promise<(Cell | CellFailure)[]> {
		const request = gvae.DecodeLatentsRequest.fromPartial({
			latents: [...latents],
			modelVersion: this.modelVersion,
		});
		const reply = await calling("gvae", this.upstream.gvae.decodeLatents(request, { signal }));
		this.versions.note("gvae", reply.modelVersion);
		return reply.results.map(readCell);
	}
}

function readCell({ outcome }: gvae.DecodedCell, index: number): Cell | CellFailure {
	if (outcome?.$case === "cell") {
		return cellFromMessage(outcome.value, `results[${index}].cell`);
	}
	return { reason: outcome?.value.reason ?? "NO_OUTCOME" };
}
