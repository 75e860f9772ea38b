import { type CellGenerator, RANDOM_CELLS } from "@archgen/design";
import { type CellGeneratorEntry, findGenerator, type GeneratorEntry, type KindOf } from "@archgen/models";
import type { LocalCells } from "./local-cells.js";
import { type KnownVectors, RemoteCells } from "./synonym-source.js";
import type { Upstream } from "./upstream.js";
import type { Versions } from "./versions.js";

/** Everything that draws cells for one request, and the model version that must answer. */
export interface CellContext {
	readonly upstream: Pick<Upstream, "ccnf" | "gvae" | "patienceMs">;
	readonly local: LocalCells;
	readonly versions: Versions;
	readonly modelVersion: string;
	/** Kept from request to request where given. */
	readonly known?: KnownVectors;
}

/** Ways to the cell generators of a version, by kind. A new kind is a line here. */
const CELLS: Readonly<Record<KindOf<"cells">, (context: CellContext, name: string) => CellGenerator>> = {
	flow: ({ upstream, versions, modelVersion, known }) =>
		new RemoteCells(upstream, versions, modelVersion, known),
	"score-cells": ({ local, modelVersion }, name) => local.generator(name, modelVersion),
	"discrete-cells": ({ local, modelVersion }, name) => local.generator(name, modelVersion),
	random: () => RANDOM_CELLS,
};

/** The generator of requests that name none, whatever else a bundle lists: their answers must not change with it. */
export const FLOW_CELLS: CellGeneratorEntry = { name: "flow", kind: "flow" };

/** The model that requests are answered with. */
export interface ServedModelFacts {
	/** Version that new requests are answered with; undefined leaves it to the services. */
	promoted(): Promise<string | undefined>;
	/** Generators that a version lists. */
	generatorsOf(version: string): Promise<readonly GeneratorEntry[]>;
}

/** A cell generator and the name that a request finds it by. */
export interface NamedCells {
	readonly name: string;
	readonly generator: CellGenerator;
}

/** Version that answers a request: the one it asks for, else the promoted one; empty leaves it to the services. */
export async function answeringVersion(wanted: string, model: ServedModelFacts): Promise<string> {
	return wanted || ((await model.promoted()) ?? "");
}

/**
 * The cell generator that a request names; the flow for the empty name.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming `cellGenerator` and the names there are
 */
export async function requestedCells(
	name: string,
	model: ServedModelFacts,
	context: CellContext,
): Promise<NamedCells> {
	const found = await findCells(name, context.modelVersion, model, "cellGenerator");
	return { name: found.name, generator: cellsOf(found, context) };
}

/**
 * The entry of the cell generator that a request names; the flow for the empty name.
 *
 * @param field place of the name in the request
 * @throws ArchgenError INVALID_ARGUMENT naming the field and the names there are
 */
export async function findCells(
	name: string,
	modelVersion: string,
	model: ServedModelFacts,
	field: string,
): Promise<CellGeneratorEntry> {
	// without a version only the services know the manifest
	const listed = name && modelVersion ? await model.generatorsOf(modelVersion) : [FLOW_CELLS];
	return findGenerator(listed, "cells", name || FLOW_CELLS.name, field);
}

/** The way to a generator that a version lists. */
export function cellsOf({ name, kind }: CellGeneratorEntry, context: CellContext): CellGenerator {
	return CELLS[kind](context, name);
}
