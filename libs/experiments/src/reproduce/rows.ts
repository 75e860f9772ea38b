import { ZC_COLUMNS, type ZcVector, zcDistance } from "@archgen/design";
import type { Cell } from "@archgen/search-space";
import { mean, standardDeviation } from "@archgen/statistics";
import type { Draw, Method } from "./draws.js";
import type { ScoredCells } from "./scored-cells.js";

export interface Spread {
	readonly mean: number;
	/** Standard deviation with n − 1. */
	readonly sd: number;
}

/** What some samples are like. */
export interface Table1Row extends Readonly<Record<keyof ZcVector, Spread>> {
	readonly samples: number;
	/** Samples that gave a cell with a zero-cost vector. */
	readonly successes: number;
	/** Distinct cells among them. */
	readonly distinct: number;
	/** ZC distance to the target: L1, in standardised units. */
	readonly zcDistance: Spread;
}

/** One way of sampling: all samples together, and each seed's. */
export interface MethodRow extends Table1Row {
	readonly method: Method;
	readonly noise: number | null;
	/** Share of distinct cells among a seed's samples, mean over seeds. */
	readonly uniqueness: number;
	readonly seeds: readonly Table1Row[];
}

/** The row of a draw whose cells have been measured, with distances to z. */
export function methodRow(draw: Draw, scored: ScoredCells, z: readonly number[]): MethodRow {
	const seeds = draw.seeds.map((cells) => rowOf(cells, scored, z));
	return {
		method: draw.method,
		noise: draw.noise,
		...rowOf(draw.seeds.flat(), scored, z),
		uniqueness: mean(seeds.map(({ distinct, samples }) => distinct / samples)),
		seeds,
	};
}

function rowOf(cells: readonly (Cell | null)[], scored: ScoredCells, z: readonly number[]): Table1Row {
	const found = cells.flatMap((cell) => (cell && scored.find(cell)) ?? []);
	const column = (name: keyof ZcVector) => spread(found.map(({ vector }) => vector[name]));
	const [naswot, snipSsnr, parameterCount, flopCount] = ZC_COLUMNS.map(column);
	return {
		samples: cells.length,
		successes: found.length,
		distinct: new Set(found.map(({ hash }) => hash)).size,
		naswot: naswot!,
		snipSsnr: snipSsnr!,
		parameterCount: parameterCount!,
		flopCount: flopCount!,
		zcDistance: spread(found.map((cell) => zcDistance(cell.z, z))),
	};
}

function spread(values: readonly number[]): Spread {
	return { mean: mean(values), sd: standardDeviation(values) };
}
