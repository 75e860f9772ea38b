import type { LatentMeasures } from "@archgen/gvae";

/** Heads of the columns of {@link latentColumns}. */
export const LATENT_HEAD = ["Pearson", "10-NN purity", "by chance", "silhouette"] as const;

/** How far latents are ordered by zero-cost vectors, for a row of a table. */
export function latentColumns(measures: LatentMeasures): string[] {
	const { distanceCorrelation, neighbourPurity, chancePurity, silhouette } = measures;
	return [distanceCorrelation, neighbourPurity, chancePurity, silhouette].map((value) => value.toFixed(3));
}
