import type { ServedModel } from "@archgen/models";
import { createRandom, fillNormal } from "@archgen/random";
import { gvae, type ImplementedService, implement, inSpan } from "@archgen/rpc";
import { latentsFromMessages, requireBatch, requireWhole } from "@archgen/wire";
import { assignClusters, listClusters } from "./clusters.js";
import { encodeCells } from "./encode.js";
import type { GvaeModels } from "./models.js";
import { decodedToMessage, predictionToMessage } from "./translate.js";

const MAX_ITEMS = 1024;

/** Handlers of `GvaeService`. */
export function gvaeService(served: ServedModel<GvaeModels>): ImplementedService {
	return implement(gvae.GvaeServiceService, {
		encodeCells: async ({ cells, modelVersion: wanted, requestId }, context) => {
			requireBatch("cells", cells.length, MAX_ITEMS);
			return served.use(wanted, async (models, modelVersion) => {
				return { results: await encodeCells(models.gvae, cells, context), modelVersion, requestId };
			});
		},
		decodeLatents: async ({ latents, modelVersion: wanted, requestId }, { signal }) => {
			requireBatch("latents", latents.length, MAX_ITEMS);
			return served.use(wanted, async (models, modelVersion) => {
				const flat = latentsFromMessages("latents", latents, models.gvae.latent);
				const decoded = await inSpan("decode", () => models.gvae.decode(flat, signal), {
					latents: latents.length,
				});
				return { results: decoded.map(decodedToMessage), modelVersion, requestId };
			});
		},
		predictZcVectors: async ({ latents, modelVersion: wanted, requestId }, { signal }) => {
			requireBatch("latents", latents.length, MAX_ITEMS);
			return served.use(wanted, async (models, modelVersion) => {
				const flat = latentsFromMessages("latents", latents, models.gvae.latent);
				const predicted = await inSpan("predict z vectors", () => models.gvae.predict(flat, signal), {
					latents: latents.length,
				});
				const width = predicted.length / latents.length;
				const results = latents.map((_, row) =>
					predictionToMessage(models.standardizer, predicted.slice(row * width, (row + 1) * width)),
				);
				return { results, modelVersion, requestId };
			});
		},
		sampleCells: async ({ count, seed, modelVersion: wanted, requestId }, { signal }) => {
			requireWhole("count", count, 1, MAX_ITEMS);
			return served.use(wanted, async (models, modelVersion) => {
				const noise = new Float32Array(count * models.gvae.latent);
				const latents = fillNormal(createRandom(seed).fork("prior"), noise);
				const decoded = await inSpan("decode", () => models.gvae.decode(latents, signal), { latents: count });
				return { results: decoded.map(decodedToMessage), modelVersion, seed, requestId };
			});
		},
		listClusters: ({ modelVersion: wanted, requestId }) =>
			served.use(wanted, async (models, modelVersion) => ({
				clusters: listClusters(models),
				modelVersion,
				requestId,
			})),
		assignClusters: async ({ cells, modelVersion: wanted, requestId }, context) => {
			requireBatch("cells", cells.length, MAX_ITEMS);
			return served.use(wanted, async (models, modelVersion) => {
				return { results: await assignClusters(models, cells, context), modelVersion, requestId };
			});
		},
	});
}
