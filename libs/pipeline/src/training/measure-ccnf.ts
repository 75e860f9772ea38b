import { zcDistance } from "@archgen/design";
import { predictedVectors } from "@archgen/gvae";
import { assign } from "@archgen/mixture";
import type { Random } from "@archgen/random";
import { mean } from "@archgen/statistics";
import type { CellModels } from "../cells/cell-models.js";

/**
 * Quality of synonyms around every cluster mean: the share that decodes to a cell, uniqueness, and, for the decoded cells
 * encoded again, the predicted ZC distance to the mean they were drawn for and the share that falls into its cluster.
 */
export async function measureCcnf(
	{ gvae, ccnf, mixture }: Pick<CellModels, "gvae" | "ccnf" | "mixture">,
	options: {
		readonly temperature: number;
		readonly perCluster: number;
		readonly random: Random;
		readonly signal?: AbortSignal;
	},
): Promise<Record<string, number>> {
	const { temperature, perCluster, random, signal } = options;
	const clusters = mixture.means.flatMap((_, k) => new Array<number>(perCluster).fill(k));
	const conditions = clusters.map((k) => mixture.means[k]!);
	const { latents, evaluations } = await ccnf.sample({
		conditions,
		temperature,
		random,
		...(signal && { signal }),
	});
	const decoded = (await gvae.decode(latents, signal)).flatMap((result, i) =>
		result.ok ? [{ cell: result.cell, cluster: clusters[i]! }] : [],
	);
	const rows = await predictedVectors(
		gvae,
		decoded.map(({ cell }) => cell),
		signal,
	);
	return {
		synonymValidity: decoded.length / clusters.length,
		synonymUniqueness: new Set(decoded.map(({ cell }) => cell.hash)).size / Math.max(1, decoded.length),
		synonymPredictedDistance: mean(
			rows.map((row, i) => zcDistance(row, mixture.means[decoded[i]!.cluster]!)),
		),
		synonymClusterHit:
			rows.filter((row, i) => assign(mixture, row) === decoded[i]!.cluster).length / Math.max(1, rows.length),
		fieldEvaluations: evaluations,
	};
}
