import { ArchgenError } from "@archgen/errors";
import { type CellJson, cellFromJson, cellToJson } from "@archgen/search-space";
import type { Exemplar } from "@archgen/seqgen";

/** JSON form of the exemplars of a sequence generator, by token. */
export interface ExemplarsJson {
	readonly format: "archgen.exemplars";
	readonly version: 1;
	readonly exemplars: readonly { readonly cluster: number; readonly cell: CellJson }[];
}

/** The JSON form of exemplars. */
export function exemplarsToJson(exemplars: readonly Exemplar[]): ExemplarsJson {
	return {
		format: "archgen.exemplars",
		version: 1,
		exemplars: exemplars.map(({ cluster, cell }) => ({ cluster, cell: cellToJson(cell) })),
	};
}

/**
 * Reads what `exemplarsToJson` wrote.
 *
 * @param clusters how many clusters there are
 * @throws ArchgenError DATA_LOSS, reason INVALID_EXEMPLARS
 */
export function exemplarsFromJson(json: unknown, clusters: number): Exemplar[] {
	const { format, version, exemplars } = (json ?? {}) as Partial<ExemplarsJson>;
	if (format !== "archgen.exemplars" || version !== 1 || !Array.isArray(exemplars) || exemplars.length === 0)
		throw invalid("is not a list of exemplars");
	return exemplars.map((entry: Partial<ExemplarsJson["exemplars"][number]> | null, i) => {
		const { cluster = -1, cell } = entry ?? {};
		if (!Number.isInteger(cluster) || cluster < 0 || cluster >= clusters)
			throw invalid(`has a cluster in entry ${i} that is none of the ${clusters}`);
		try {
			return { cluster, cell: cellFromJson(cell, `exemplars[${i}].cell`) };
		} catch (cause) {
			throw invalid(`holds something that is no cell in entry ${i}`, cause);
		}
	});
}

function invalid(problem: string, cause?: unknown): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "INVALID_EXEMPLARS",
		message: `exemplars.json ${problem}; write the bundle anew.`,
		cause,
	});
}
