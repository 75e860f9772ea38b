import { type CellGenerator, RANDOM_CELLS } from "@archgen/design";
import { findGenerator, type GeneratorEntry, type KindOf } from "@archgen/models";
import { RemoteCells } from "./synonym-source.js";
import type { Upstream } from "./upstream.js";
import type { Versions } from "./versions.js";

/** Services that draw cells for one request, and the model version that must answer. */
export interface RemoteCellContext {
	readonly upstream: Pick<Upstream, "ccnf" | "gvae" | "patienceMs">;
	readonly versions: Versions;
	readonly modelVersion: string;
}

/** Cell generators that other services serve, by kind. A new kind is a line here. */
const REMOTE_CELLS: Readonly<Record<KindOf<"cells">, (context: RemoteCellContext) => CellGenerator>> = {
	flow: ({ upstream, versions, modelVersion }) => new RemoteCells(upstream, versions, modelVersion),
	random: () => RANDOM_CELLS,
};

/** The generator of requests that name none, whatever else a bundle lists: their answers must not change with it. */
const DEFAULT_CELLS = { name: "flow", kind: "flow" } as const;

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
	context: RemoteCellContext,
): Promise<NamedCells> {
	const { modelVersion } = context;
	// without a version only the services know the manifest
	const listed = name && modelVersion ? await model.generatorsOf(modelVersion) : [DEFAULT_CELLS];
	const found = findGenerator(listed, "cells", name || DEFAULT_CELLS.name, "cellGenerator");
	return { name: found.name, generator: REMOTE_CELLS[found.kind](context) };
}
