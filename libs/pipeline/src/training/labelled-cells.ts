import { ZC_LOG, zcRow } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import type { LabelledCell } from "@archgen/gvae";
import { fitStandardizer, type Standardizer, standardize } from "@archgen/mixture";
import { isMeasured, type LabelHeader, readLabels } from "../labels/label-file.js";
import { fingerprint } from "./workspace.js";

/** Measured cells of a label file, standardised. */
export interface LabelledCells {
	readonly cells: readonly LabelledCell[];
	readonly standardizer: Standardizer;
	readonly header: LabelHeader;
	/** Identifies cells and measurements. */
	readonly digest: string;
}

/**
 * Reads the measured cells of a file. Cells without gradient (SNIP-SSNR 0) have no place on a log scale and are left out.
 *
 * @throws ArchgenError FAILED_PRECONDITION `NO_LABELS` when none is left
 */
export async function readLabelledCells(path: string): Promise<LabelledCells> {
	const { header, labels } = await readLabels(path);
	const usable = labels.filter(isMeasured).filter(({ z }) => z.snipSsnr > 0);
	if (usable.length === 0) throw noLabels(path);
	const rows = usable.map(({ z }) => zcRow(z));
	const standardizer = fitStandardizer(rows, { log: ZC_LOG });
	return {
		cells: usable.map(({ cell }, i) => ({ cell, zc: standardize(standardizer, rows[i]!) })),
		standardizer,
		header,
		digest: fingerprint(
			header,
			usable.map(({ cell }) => cell.hash),
			rows,
		),
	};
}

function noLabels(path: string): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "NO_LABELS",
		message: `${path} has no measured cell yet; let "archgen label" run first.`,
	});
}
