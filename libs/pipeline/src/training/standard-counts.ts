import { ZC_COLUMNS } from "@archgen/design";
import { type Standardizer, standardize } from "@archgen/mixture";
import { alphaNetwork, type Cell, countLayers, lowerNetwork } from "@archgen/search-space";

const FIRST_COUNT = ZC_COLUMNS.indexOf("parameterCount");

/** Gives the standardised [parameters, flopCount] of cells in α_x: the part of their zero-cost vectors that needs no measurement. */
export function standardCounts({ log, mean, std }: Standardizer): (cell: Cell) => number[] {
	const counts: Standardizer = {
		log: log.slice(FIRST_COUNT),
		mean: mean.slice(FIRST_COUNT),
		std: std.slice(FIRST_COUNT),
	};
	return (cell) => {
		const { parameterCount, flopCount } = countLayers(lowerNetwork(alphaNetwork(cell)));
		return standardize(counts, [parameterCount, flopCount]);
	};
}
