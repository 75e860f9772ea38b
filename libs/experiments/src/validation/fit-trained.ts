import { FAULT_COSTS, type Faults, faultsOf } from "@archgen/proxies";
import { lowerNetwork, type Network, networkStructure } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import { Matrix, solve } from "ml-matrix";

/** A network that was trained. */
export interface TrainedNetwork {
	readonly network: Network;
	/** Share of test images answered rightly, by the epochs of each training. */
	readonly accuracy: Readonly<Record<number, number>>;
}

/** A linear model of the logit of accuracy. */
export interface TrainedFit {
	/** Logit without faults, after the epochs that were asked for. */
	readonly sound: number;
	readonly costs: Faults;
	/** R² over all networks, each predicted by a fit to the others. */
	readonly r2: number;
	/** Those predictions, in the order of the networks, after the epochs that were asked for. */
	readonly predicted: readonly number[];
	/** Their logits, trainings of other lengths shifted to the epochs that were asked for, the mean where there are several. */
	readonly measured: readonly number[];
}

const FAULTS = Object.keys(FAULT_COSTS) as readonly (keyof Faults)[];

/** ln(p / (1 − p)). */
export function logit(p: number): number {
	return Math.log(p / (1 - p));
}

/**
 * Least squares of the logit of accuracy on the faults of the networks.
 *
 * @param peers accuracy of the same hand-made networks after each number of epochs, in the same order; trainings of other lengths are shifted by the mean
 *   difference of the peers' logits
 * @param epochs that the fit is for
 */
export function fitTrained(
	networks: readonly TrainedNetwork[],
	peers: Readonly<Record<number, readonly number[]>>,
	epochs: number,
): TrainedFit {
	const shift = (of: number) => mean(peers[epochs]!.map((p, i) => logit(p) - logit(peers[of]![i]!)));
	const measured = networks.map(({ accuracy }) =>
		mean(Object.entries(accuracy).map(([of, share]) => logit(share) + shift(Number(of)))),
	);
	const x = new Matrix(
		networks.map(({ network }) => {
			const faults = faultsOf(networkStructure(lowerNetwork(network)));
			return [1, ...FAULTS.map((fault) => -faults[fault])];
		}),
	);
	const gram = x.transpose().mmul(x);
	const weights = solve(gram, x.transpose().mmul(Matrix.columnVector(measured)));
	const fitted = x.mmul(weights).to1DArray();
	const leverage = x.mmul(solve(gram, x.transpose())).diagonal();
	const predicted = measured.map((y, i) => y - (y - fitted[i]!) / (1 - leverage[i]!));
	const level = mean(measured);
	const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0);
	const r2 = 1 - squares(measured.map((y, i) => y - predicted[i]!)) / squares(measured.map((y) => y - level));
	const [sound, ...costs] = weights.to1DArray();
	const named = Object.fromEntries(FAULTS.map((fault, i) => [fault, costs[i]!]));
	return { sound: sound!, costs: named as unknown as Faults, r2, predicted, measured };
}
