import { CELL_TEMPERATURES, type CellGenerator, type CellTemperatures, RANDOM_CELLS } from "@archgen/design";
import { DiscreteSampler } from "@archgen/discrete-diffusion";
import { BUNDLE_LAYOUT, type Bundle, findGenerator, generatorsMaking, type KindOf } from "@archgen/models";
import { ScoreSampler } from "@archgen/score-diffusion";
import type { SessionPool } from "@archgen/tensor-graph";
import { readDenoiser, readScore } from "../diffusion/trained-files.js";
import { bundleCellFiles, loadCellModels, loadVectorModels } from "./cell-models.js";
import { discreteCells } from "./discrete-cells.js";
import { scoreCells } from "./score-cells.js";
import { flowCells } from "./synonym-cells.js";
import { type VectorDraw, vectorCells } from "./vector-cells.js";

type Loader = (bundle: Bundle, pool: SessionPool) => Promise<VectorDraw>;

/** Kinds of generators that are asked for vectors; random cells are asked for nothing. */
type VectorKind = Exclude<KindOf<"cells">, "random">;

/** Loaders of generators that are asked for vectors, by kind. A new kind is a line here. */
const LOADERS: Readonly<Record<VectorKind, Loader>> = {
	flow: async (bundle, pool) => flowCells(await loadCellModels(pool, await bundleCellFiles(bundle))),
	"score-cells": async (bundle, pool) => {
		const { score } = await readScore(`${bundle.folder}/${BUNDLE_LAYOUT.scoreCells}`);
		return scoreCells(await ScoreSampler.create(pool, score));
	},
	"discrete-cells": async (bundle, pool) => {
		const { denoiser } = await readDenoiser(`${bundle.folder}/${BUNDLE_LAYOUT.discreteCells}`);
		return discreteCells(await DiscreteSampler.create(pool, denoiser));
	},
};

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
	if (kind === "random") return RANDOM_CELLS;
	const models = await loadVectorModels(pool, await bundleCellFiles(bundle));
	return vectorCells(models, await LOADERS[kind](bundle, pool), own);
}

/** Generators of a bundle that are asked for vectors, by name. */
export async function loadVectorDraws(
	bundle: Bundle,
	pool: SessionPool,
): Promise<ReadonlyMap<string, VectorDraw>> {
	const draws = new Map<string, VectorDraw>();
	for (const { name, kind } of generatorsMaking(bundle.manifest.generators, "cells"))
		if (kind !== "random") draws.set(name, await LOADERS[kind](bundle, pool));
	return draws;
}
