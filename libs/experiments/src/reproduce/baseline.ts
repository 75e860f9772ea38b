import { zcDistance } from "@archgen/design";
import { predictedVectors } from "@archgen/gvae";
import type { CellModels } from "@archgen/pipeline";
import { mean } from "@archgen/statistics";
import { type Draw, neighbourhoodDraw, type Sampling, uniqueness } from "./draws.js";
import { type MethodRow, methodRow } from "./rows.js";
import type { ScoredCells } from "./scored-cells.js";
import type { Table1Target } from "./targets.js";

/** Noise around the reference's latent that is tried, in units of a standard normal latent. */
export const EPSILONS: readonly number[] = [0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.2, 1.4, 1.6, 2, 2.4];

/** How much farther by the predictor than the nearest ε another may be and still be measured, as a share. */
const MARGIN = 0.05;

/** One ε that was tried. */
export interface EpsilonTrial {
	readonly epsilon: number;
	readonly uniqueness: number;
	/** Mean ZC distance to the target; null where it was not measured, see {@link chooseNeighbourhood}. */
	readonly zcDistance: number | null;
	/** The same by the predictor; null where the neighbourhood is less diverse than the flow. */
	readonly predictedDistance: number | null;
}

export interface Neighbourhood {
	readonly row: MethodRow;
	readonly trials: readonly EpsilonTrial[];
}

/**
 * The best neighbourhood for the baseline: of those with at least the flow's uniqueness the one with the smallest mean ZC distance.
 * Less noise would return the reference itself again and again.
 *
 * Of these are measured the one whose cells are nearest by the predictor, and every other one that is hardly farther: a further ε makes the table
 * take half as long again. If no ε is as diverse as the flow, the most diverse one stands.
 */
export async function chooseNeighbourhood(
	models: CellModels,
	scored: ScoredCells,
	target: Table1Target,
	sampling: Sampling,
	required: number,
): Promise<Neighbourhood> {
	const draws: Draw[] = [];
	for (const epsilon of EPSILONS) draws.push(await neighbourhoodDraw(models, target, sampling, epsilon));
	const diverse = diverseEnough(draws, required);
	const predicted: number[] = [];
	for (const draw of diverse) predicted.push(await predictedDistance(models, draw, target, sampling.signal));
	const measured: MethodRow[] = [];
	for (const draw of hardlyFarther(diverse, predicted)) {
		await scored.measure(`${target.name}, neighbourhood ${draw.noise}`, draw.seeds.flat());
		measured.push(methodRow(draw, scored, target.z));
	}
	return {
		row: measured.reduce((a, b) => (b.zcDistance.mean < a.zcDistance.mean ? b : a)),
		trials: draws.map((draw) => ({
			epsilon: draw.noise!,
			uniqueness: uniqueness(draw),
			zcDistance: measured.find(({ noise }) => noise === draw.noise)?.zcDistance.mean ?? null,
			predictedDistance: predicted[diverse.indexOf(draw)] ?? null,
		})),
	};
}

/** The draws with at least that uniqueness; of none, the most diverse one. */
export function diverseEnough(draws: readonly Draw[], required: number): readonly Draw[] {
	const enough = draws.filter((draw) => uniqueness(draw) >= required);
	if (enough.length > 0) return enough;
	return [draws.reduce((a, b) => (uniqueness(b) > uniqueness(a) ? b : a))];
}

async function predictedDistance(
	{ gvae }: CellModels,
	{ seeds }: Draw,
	{ z }: Table1Target,
	signal: AbortSignal,
): Promise<number> {
	const cells = seeds.flat().filter((cell) => cell !== null);
	if (cells.length === 0) return Number.POSITIVE_INFINITY;
	return mean((await predictedVectors(gvae, cells, signal)).map((vector) => zcDistance(vector, z)));
}

/** The draws whose predicted distance is at most {@link MARGIN} above the smallest. */
export function hardlyFarther(draws: readonly Draw[], predicted: readonly number[]): readonly Draw[] {
	const most = (1 + MARGIN) * Math.min(...predicted);
	return draws.filter((_, i) => predicted[i]! <= most);
}
