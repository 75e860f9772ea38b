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

/**
 * The cell generator that a request names; the flow for the empty name.
 *
 * @param listed generators of the bundle; undefined when its manifest is not known here
 * @throws ArchgenError INVALID_ARGUMENT naming `cellGenerator` and the names there are
 */
export function remoteCells(
	name: string,
	listed: readonly GeneratorEntry[] | undefined,
	context: RemoteCellContext,
): NamedCells {
	const found = findGenerator(
		listed ?? [DEFAULT_CELLS],
		"cells",
		name || DEFAULT_CELLS.name,
		"cellGenerator",
	);
	return { name: found.name, generator: REMOTE_CELLS[found.kind](context) };
}

/** {@link remoteCells} of the version that answers a request. */
export async function requestedCells(
	name: string,
	model: ServedModelFacts,
	context: RemoteCellContext,
): Promise<NamedCells> {
	const { modelVersion } = context;
	const listed = name && modelVersion ? await model.generatorsOf(modelVersion) : undefined;
	return remoteCells(name, listed, context);
}
