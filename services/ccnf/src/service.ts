import { invalidArgument } from "@archgen/errors";
import type { ServedModel } from "@archgen/models";
import { createRandom } from "@archgen/random";
import { ccnf, type ImplementedService, implement, inSpan } from "@archgen/rpc";
import {
	latentsFromMessages,
	latentsToMessages,
	requireBatch,
	requirePositive,
	requireWhole,
} from "@archgen/wire";
import { conditionFromMessage } from "./conditions.js";
import type { CcnfModels } from "./models.js";

const MAX_SAMPLES = 1024;
const MAX_DENSITIES = 256;
const MAX_TEMPERATURE = 2;
const DEFAULT_TEMPERATURE = 0.4;

/** Probes of the trace estimator for a log-density. */
const PROBES = 8;

/** Handlers of `CcnfService`. */
export function ccnfService(served: ServedModel<CcnfModels>): ImplementedService {
	return implement(ccnf.CcnfServiceService, {
		sampleLatents: async (request, { signal }) => {
			const { conditions, seed, modelVersion: wanted, requestId } = request;
			const each = requireWhole("samples_per_condition", request.samplesPerCondition || 1, 1, MAX_SAMPLES);
			requireBatch("conditions", conditions.length, Math.floor(MAX_SAMPLES / each));
			const temperature = requirePositive(
				"temperature",
				request.temperature ?? DEFAULT_TEMPERATURE,
				MAX_TEMPERATURE,
			);
			return served.use(wanted, async (models, modelVersion) => {
				const rows = conditions.map((condition, i) =>
					conditionFromMessage(condition, `conditions[${i}]`, models),
				);
				const repeated = rows.flatMap((row) => Array.from({ length: each }, () => row));
				const random = createRandom(seed).fork("latents");
				const { latents, evaluations } = await inSpan(
					"draw latents",
					() => models.ccnf.sample({ conditions: repeated, temperature, random, signal }),
					{ latents: repeated.length },
				);
				const messages = latentsToMessages(latents, models.ccnf.description.size.dimension);
				const samples = messages.map((latent, i) => ({ conditionIndex: Math.floor(i / each), latent }));
				return { samples, fieldEvaluations: evaluations, modelVersion, seed, requestId };
			});
		},
		logDensity: async ({ items, seed, modelVersion: wanted, requestId }, { signal }) => {
			requireBatch("items", items.length, MAX_DENSITIES);
			return served.use(wanted, async (models, modelVersion) => {
				const data = readItems(items, models);
				const random = createRandom(seed).fork("probes");
				const trace = { kind: "hutchinson", probes: PROBES, random } as const;
				const densities = await inSpan("log density", () => models.ccnf.logDensity(data, { trace, signal }), {
					latents: items.length,
				});
				return { logDensities: Array.from(densities), modelVersion, seed, requestId };
			});
		},
	});
}

/** Latents and conditions of the items, flat. */
function readItems(
	items: readonly ccnf.ConditionedLatent[],
	models: CcnfModels,
): { latents: Float32Array; conditions: Float32Array } {
	const { dimension } = models.ccnf.description.size;
	const rows = items.map(({ latent, condition }, i) => {
		if (latent === undefined || condition === undefined) {
			throw invalidArgument(`items[${i}]`, "must hold a latent and a condition.");
		}
		return {
			latent: latentsFromMessages(`items[${i}].latent`, [latent], dimension),
			condition: conditionFromMessage(condition, `items[${i}].condition`, models),
		};
	});
	return {
		latents: Float32Array.from(rows.flatMap(({ latent }) => Array.from(latent))),
		conditions: Float32Array.from(rows.flatMap(({ condition }) => condition)),
	};
}
