import { zcRow } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { LabelledCell } from "@archgen/gvae";
import { type Standardizer, standardize } from "@archgen/mixture";
import type { BundleManifest } from "@archgen/models";
import { isMeasured, readLabelledCells, readLabels, splitCells } from "@archgen/pipeline";
import { z } from "zod";

/** What a bundle says about the data of its G-VAE. */
export interface GvaeTraining {
	readonly seed: number;
	readonly heldOutLabels: number;
	/** Random cells that training was kept from. */
	readonly heldOutCells: number;
	/** Digest of the labelled cells. */
	readonly labels: string;
}

const schema = z.object({
	labels: z.object({ digest: z.string() }),
	stages: z.object({
		gvae: z.object({
			config: z.object({
				config: z.object({ seed: z.int() }),
				heldOutLabels: z.int(),
				heldOutCells: z.int(),
			}),
		}),
	}),
});

/**
 * Reads from a manifest what the G-VAE was trained on.
 *
 * @throws ArchgenError FAILED_PRECONDITION `TRAINING_UNKNOWN` for a bundle that was not written by `archgen train bundle`
 */
export function gvaeTraining({ name, version, trainedOn }: BundleManifest): GvaeTraining {
	const { data } = schema.safeParse(trainedOn);
	if (data === undefined) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "TRAINING_UNKNOWN",
			message: `Bundle ${name} ${version} does not say what its G-VAE was trained on; write it with "archgen train bundle".`,
		});
	}
	const { config, heldOutLabels, heldOutCells } = data.stages.gvae.config;
	return { seed: config.seed, heldOutLabels, heldOutCells, labels: data.labels.digest };
}

/**
 * Hashes of the labelled cells that training saw.
 *
 * @param path the label file of that training
 * @throws ArchgenError FAILED_PRECONDITION `LABELS_MISMATCH` for another file
 */
export async function trainedCells(path: string, training: GvaeTraining): Promise<ReadonlySet<string>> {
	const { cells, digest } = await readLabelledCells(path);
	if (digest !== training.labels) {
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "LABELS_MISMATCH",
			message: `${path} does not hold the labels that this bundle was trained on; name that file with --trained-on.`,
			metadata: { path },
		});
	}
	const parts = splitCells(cells, { ...training, heldOutCells: 0 }, training.seed);
	return new Set(parts.training.map(({ cell }) => cell.hash));
}

/** The measured cells of a file that are not among the trained ones, standardised as the bundle does. */
export async function unseenCells(
	path: string,
	trained: ReadonlySet<string>,
	standardizer: Standardizer,
): Promise<LabelledCell[]> {
	const { labels } = await readLabels(path);
	return labels
		.filter(isMeasured)
		.filter(({ cell, z: vector }) => vector.snipSsnr > 0 && !trained.has(cell.hash))
		.map(({ cell, z: vector }) => ({ cell, zc: standardize(standardizer, zcRow(vector)) }));
}
