import { type LayerGraph, networkStructure, type Structure } from "@archgen/search-space";

/** What makes a network train worse; each is 0 where it is harmless. */
export interface Faults {
	/** Context that convolutions lack, in pixels of the maps. */
	readonly context: number;
	/** Smoothing beyond what is harmless, in pixels of the maps. */
	readonly blur: number;
	/** Effective depth beyond what is harmless, in rectifiers. */
	readonly depth: number;
	/** ln of how many times more parameters would be enough. */
	readonly capacity: number;
	/** How unevenly work is spread over the sizes of maps beyond what is harmless, in nats. */
	readonly imbalance: number;
}

/** Logits of accuracy that a unit of each fault costs, as fitted to the trained networks of data/trained; a test fits them again. */
export const FAULT_COSTS: Faults = {
	context: 0.036,
	blur: 0.041,
	depth: 0.024,
	capacity: 0.1,
	imbalance: 0.333,
};

/** The logit of a network without faults, after 8 epochs of half of CIFAR-10; fitted likewise. */
export const SOUND_LOGIT = 1.055;

const ENOUGH_CONTEXT = 16;
const HARMLESS_BLUR = 2;
/**
 * Harmless effective depth for each halving of the map; fewer than `HALVINGS` are counted as so many. Short trainings alone would have 3⅓ (R² .85 for .84), but
 * in NAS-Bench-201, NAS-Bench-Macro and MnasNet networks, trained to the end, accuracy rises up to an effective depth of 15 to 20 (docs/accuracy.md).
 */
const DEPTH_PER_HALVING = 5;
const HALVINGS = 3;
/** Parameters in front of the classifier that are enough for ten classes; with the root of the classes more, a choice: nothing but ten was measured. */
const ENOUGH_PARAMETERS = 200_000;
const CLASSES = 10;
/** Trainings do not tell thresholds up to this one apart (R² within .001); in NAS-Bench-Macro the first choice is better with it (docs/accuracy.md). */
const EVEN_ENOUGH = 0.15;

/** Parameters in front of the classifier that are enough for so many outputs. */
export function enoughParameters(outputs: number): number {
	return ENOUGH_PARAMETERS * Math.sqrt(outputs / CLASSES);
}

/** Effective depth that costs nothing; fewer than three halvings are counted as three. */
function harmlessDepth({ halvings }: Pick<Structure, "halvings">): number {
	return DEPTH_PER_HALVING * Math.max(halvings, HALVINGS);
}

const HARMLESS_DEPTH_FORMULA = `${DEPTH_PER_HALVING} max(${HALVINGS}, halvings of the map by stride)`;

/** The faults of a network. */
export function faultsOf(structure: Structure): Faults {
	const { context, blur, effectiveDepth, bodyParameters, outputs, imbalance } = structure;
	const enough = enoughParameters(outputs);
	return {
		context: Math.max(0, ENOUGH_CONTEXT - context),
		blur: Math.max(0, blur - HARMLESS_BLUR),
		depth: Math.max(0, effectiveDepth - harmlessDepth(structure)),
		capacity: Math.max(0, Math.log(enough / Math.max(1, bodyParameters))),
		imbalance: Math.max(0, imbalance - EVEN_ENOUGH),
	};
}

/**
 * The logit of the accuracy that networks with such faults were trained to in 8 epochs of half of CIFAR-10, by 30 M multiply-accumulates. For other
 * data, budgets and schedules it is an order, not an accuracy.
 */
export function expectedLogit(faults: Faults, costs = FAULT_COSTS, sound = SOUND_LOGIT): number {
	const entries = Object.entries(costs) as [keyof Faults, number][];
	return entries.reduce((logit, [fault, cost]) => logit - cost * faults[fault], sound);
}

/** {@link expectedLogit} as people read it. */
export const EXPECTED_LOGIT_FORMULA = [
	SOUND_LOGIT,
	`${FAULT_COSTS.context} max(0, ${ENOUGH_CONTEXT} − context)`,
	`${FAULT_COSTS.blur} max(0, blur − ${HARMLESS_BLUR})`,
	`${FAULT_COSTS.depth} max(0, effective_depth − ${HARMLESS_DEPTH_FORMULA})`,
	`${FAULT_COSTS.capacity} max(0, ln(${ENOUGH_PARAMETERS} √(outputs / ${CLASSES}) / parameters without linear layers))`,
	`${FAULT_COSTS.imbalance} max(0, imbalance − ${EVEN_ENOUGH})`,
].join(" − ");

/** What `tcet_structure` counts for e times the T-CET in train mode, in logits: enough to order networks of nearly equal structure. */
export const TCET_TIE_SHARE = 0.05;

/**
 * What a network with e times the T-CET in train mode a layer is ahead by, in logits. Fitted to what structure leaves unexplained of the networks in data/trained that are at most 60
 * layers deep, where ln T-CET has 0.65 ± 0.17 and ln layers −0.53 ± 0.14, equal weights within the error; a test fits them again.
 */
export const TCET_SHARE = 0.65;

/**
 * Logits that each rectifier costs by which effective depth falls short of what is harmless. Short trainings favour shallow networks, so that they cannot show it: chosen by
 * tables of networks that were trained to the end (docs/accuracy.md).
 */
const SHALLOW_COST = 0.02;

/**
 * What a network with e times the multiply-accumulates is ahead by, in logits: between the .12 of NAS-Bench-Macro and the .28 of MnasNet's networks, with structure held
 * fixed (docs/accuracy.md).
 */
export const SIZE_SHARE = 0.15;
/** Multiply-accumulates of the networks that the fit knows. */
const FITTED_MACS = 30e6;

/** What size adds to the logit; 0 for a network of the size that the fit knows. */
export function sizeTerm(macCount: number): number {
	return SIZE_SHARE * Math.log(Math.max(1, macCount) / FITTED_MACS);
}

/** {@link expectedLogit} of a network; the same for every size of its images. */
export function structureLogit(graph: LayerGraph): number {
	return expectedLogit(faultsOf(networkStructure(graph)));
}

/**
 * {@link structureLogit}, and what T-CET says beyond it.
 *
 * @param lnTcetPerLayer ln of (1 + T-CET in train mode) by the number of convolutions and linear layers, measured or predicted
 */
export function tcetLogit(graph: LayerGraph, lnTcetPerLayer: number): number {
	const structure = networkStructure(graph);
	const shallow = Math.max(0, harmlessDepth(structure) - structure.effectiveDepth);
	return expectedLogit(faultsOf(structure)) + TCET_SHARE * lnTcetPerLayer - SHALLOW_COST * shallow;
}

/** {@link tcetLogit} in terms of proxies. */
export const TCET_LOGIT_FORMULA = [
	`ln(a / (1 − a)) + ${TCET_SHARE} ln((1 + tcet_train) / convolutions and linear layers)`,
	`${SHALLOW_COST} max(0, ${HARMLESS_DEPTH_FORMULA} − effective_depth)`,
].join(" − ");
