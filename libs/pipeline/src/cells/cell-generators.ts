import { CELL_TEMPERATURES, type CellGenerator, type CellTemperatures, RANDOM_CELLS } from "@archgen/design";
import { DiscreteSampler } from "@archgen/discrete-diffusion";
import { BUNDLE_LAYOUT, type Bundle, findGenerator, type KindOf } from "@archgen/models";
import type { SessionPool } from "@archgen/tensor-graph";
import { readDenoiser } from "../diffusion/trained-files.js";
import { bundleCellFiles, loadCellModels, loadVectorModels } from "./cell-models.js";
import { discreteCells } from "./discrete-cells.js";
import { synonymCells } from "./synonym-cells.js";
import { type VectorDraw, vectorCells } from "./vector-cells.js";

type Loader = (bundle: Bundle, pool: SessionPool, own: CellTemperatures) => Promise<CellGenerator>;

/** Loaders of cell generators, by kind. A new kind is a line here. */
const LOADERS: Readonly<Record<KindOf<"cells">, Loader>> = {
	flow: async (bundle, pool, own) =>
		synonymCells(await loadCellModels(pool, await bundleCellFiles(bundle)), own),
	"discrete-cells": async (bundle, pool, own) => {
		const { denoiser } = await readDenoiser(`${bundle.folder}/${BUNDLE_LAYOUT.discreteCells}`);
		return underVectors(bundle, pool, own, discreteCells(await DiscreteSampler.create(pool, denoiser)));
	},
	random: async () => RANDOM_CELLS,
};

async function underVectors(bundle: Bundle, pool: SessionPool, own: CellTemperatures, draw: VectorDraw) {
	return vectorCells(await loadVectorModels(pool, await bundleCellFiles(bundle)), draw, own);
}

/**
 * Loads a cell generator of a bundle into a pool, whose closing frees it.
 *
 * @param name one of those that the manifest lists, or `random`; the first one of the bundle for the empty name
 * @param field how the user addresses the name
 * @throws ArchgenError INVALID_ARGUMENT naming the field and the generators there are
 */
export async function loadCellGenerator(
	bundle: Bundle,
	pool: SessionPool,
	name: string,
	field: string,
	own: CellTemperatures = CELL_TEMPERATURES,
): Promise<CellGenerator> {
	const { kind } = findGenerator(bundle.manifest.generators, "cells", name, field);
	return LOADERS[kind](bundle, pool, own);
}
