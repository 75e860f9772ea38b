import { type ZcVector, zcRow } from "@archgen/design";
import { type Standardizer, standardize } from "@archgen/mixture";
import { isMeasured, type Label, type LabellingOptions, labelCells, type Progress } from "@archgen/pipeline";
import type { Cell } from "@archgen/search-space";

/** How cells are measured and where their labels go. */
export interface Measuring extends Omit<LabellingOptions, "cells" | "onLabel"> {
	/** Labels computed before: by an interrupted run, or by `archgen label` with the same seed and images. */
	readonly known: readonly Label[];
	/** Keeps a new label. */
	readonly keep: (label: Label) => Promise<void>;
	readonly progress: (title: string, total: number) => Progress;
}

/** A measured cell. */
export interface ScoredCell {
	readonly hash: string;
	readonly vector: ZcVector;
	/** The vector, standardised. */
	readonly z: readonly number[];
}

/** Zero-cost vectors of cells, each measured once. */
export class ScoredCells {
	readonly #measuring: Measuring;
	readonly #standardizer: Standardizer;
	readonly #labels: Map<string, Label>;

	constructor(measuring: Measuring, standardizer: Standardizer) {
		this.#measuring = measuring;
		this.#standardizer = standardizer;
		this.#labels = new Map(measuring.known.map((label) => [label.cell.hash, label]));
	}

	/** Measures the cells that have no label yet; `title` says what for. */
	async measure(title: string, cells: readonly (Cell | null)[]): Promise<void> {
		const unknown = new Map(
			cells.flatMap((cell) => (cell && !this.#labels.has(cell.hash) ? [[cell.hash, cell]] : [])),
		);
		if (unknown.size === 0) return;
		const first = this.#labels.size;
		const progress = this.#measuring.progress(title, unknown.size);
		try {
			await labelCells({
				...this.#measuring,
				cells: [...unknown.values()].map((cell, i) => ({ index: first + i, cell })),
				onLabel: async (label) => {
					await this.#measuring.keep(label);
					this.#labels.set(label.cell.hash, label);
					progress.update(this.#labels.size - first);
				},
			});
		} finally {
			progress.stop();
		}
	}

	/** What was measured; undefined for a cell without gradient or whose proxies failed: it has no vector. */
	find({ hash }: Cell): ScoredCell | undefined {
		const label = this.#labels.get(hash);
		if (label === undefined || !isMeasured(label) || !(label.z.snipSsnr > 0)) return undefined;
		return { hash, vector: label.z, z: standardize(this.#standardizer, zcRow(label.z)) };
	}
}
