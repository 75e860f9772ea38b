import { CCNF_CONFIG, type CcnfConfig, PUBLISHED_CCNF_CONFIG } from "@archgen/ccnf";
import { type Constraints, presetConstraints } from "@archgen/design";
import { invalidArgument } from "@archgen/errors";
import { CELL_EVOLUTION, HL_EVO, type SearchStrategy } from "@archgen/evolution";
import { GVAE_CONFIG, type GvaeConfig } from "@archgen/gvae";
import { defaultSearchProxy, type ProxyName, withUsualDepth } from "@archgen/proxies";
import type { Target } from "@archgen/search-space";
import { DEFAULT_SEQUENCE_TRAINING, type SequenceTrainingConfig } from "@archgen/seqgen";
import { type SearchScoring, searchScoring } from "./scoring/search-scoring.js";

/** How clusters are made. */
export interface MixtureProfile {
	/** K. */
	readonly components: number;
	readonly restarts: number;
	readonly seed: number;
}

/** How the G-VAE is trained and measured. */
export interface GvaeProfile {
	readonly config: GvaeConfig;
	/** Labelled cells kept back to measure the predictor. */
	readonly heldOutLabels: number;
	/** Unlabelled cells kept back to measure reconstruction, and prior samples to decode. */
	readonly heldOutCells: number;
	readonly checkpointEvery: number;
}

/** How the flow is trained. */
export interface CcnfProfile {
	readonly config: CcnfConfig;
	/** Random cells whose latents are learned. */
	readonly cells: number;
	/** Further random cells, to measure the loss on. */
	readonly heldOutCells: number;
	/** Latents drawn around each cluster mean to measure it. */
	readonly samplesPerCluster: number;
	readonly checkpointEvery: number;
}

/** One search whose history the sequence generator learns from. */
export interface HistoryProfile {
	readonly name: string;
	readonly target: Target;
	readonly constraints: Constraints;
	readonly strategy: SearchStrategy;
	/** What it maximises. */
	readonly proxy: ProxyName;
	readonly evaluations: number;
	readonly populationSize: number;
	readonly seed: number;
	readonly scoring: SearchScoring;
}

/** How the sequence generator is trained. */
export interface SeqgenProfile {
	readonly config: SequenceTrainingConfig;
	/** Share of each history that is worth imitating. */
	readonly keep: number;
	/** Exemplar cells that stages name, chosen from the cells of the histories (ADR 018). */
	readonly exemplars: number;
	/** Further examples that each network gives, for other sizes, classes and budgets. */
	readonly rescale: number;
}

/** Everything that decides a model bundle besides the labels. */
export interface Profile {
	readonly mixture: MixtureProfile;
	readonly gvae: GvaeProfile;
	readonly ccnf: CcnfProfile;
	/** Temperature of the noise around cluster means when cells are drawn. */
	readonly temperature: number;
	readonly histories: readonly HistoryProfile[];
	readonly seqgen: SeqgenProfile;
}

const CIFAR: Target = { size: 32, classes: 10 };
const IMAGENET: Target = { size: 224, classes: 1000 };

/** A search by the default objective, within the depth that is usual with it; by another proxy where one is named. */
function history(
	name: string,
	target: Target,
	bounds: Constraints,
	evaluations: number,
	proxy: ProxyName = defaultSearchProxy(bounds),
): HistoryProfile {
	const constraints = withUsualDepth(bounds, [proxy], target);
	const search = { strategy: CELL_EVOLUTION, proxy, evaluations, populationSize: 64, seed: 0 };
	return { name, target, constraints, ...search, scoring: searchScoring(target) };
}

/** Sized for 6,000 labelled cells and some three hours on two cores. */
const DEFAULT: Profile = {
	mixture: { components: 16, restarts: 5, seed: 0 },
	gvae: {
		config: GVAE_CONFIG,
		heldOutLabels: 600,
		heldOutCells: 10_000,
		checkpointEvery: 250,
	},
	ccnf: {
		config: CCNF_CONFIG,
		cells: 100_000,
		heldOutCells: 2000,
		samplesPerCluster: 16,
		checkpointEvery: 250,
	},
	temperature: 0.4,
	histories: [
		history("cifar-1m-tcet", CIFAR, { maxParameterCount: 1e6 }, 1000, "tcet"),
		history("imagenet-450m-tcet", IMAGENET, { maxFlopCount: 450e6 }, 1000, "tcet"),
		history("imagenet-600m-tcet", IMAGENET, { maxFlopCount: 600e6 }, 1000, "tcet"),
		history("cifar-1m", CIFAR, { maxParameterCount: 1e6 }, 500),
		history("cifar-30m", CIFAR, { maxMacCount: 30e6, maxParameterCount: 1e6 }, 500),
		history("cifar-800m", CIFAR, { maxFlopCount: 800e6 }, 250),
		history("pictures-60m", { size: 64, classes: 200 }, { maxMacCount: 60e6 }, 250),
		history("pictures-250k", { size: 128, classes: 20 }, { maxParameterCount: 250e3 }, 250),
		history("small-64k", { size: 48, classes: 4 }, presetConstraints("mcu-64k"), 250),
		history("small-256k", { size: 96, classes: 2 }, presetConstraints("mcu-256k"), 250),
		history("imagenet-150m", IMAGENET, { maxFlopCount: 150e6 }, 250),
		history("imagenet-450m", IMAGENET, { maxFlopCount: 450e6 }, 500),
		history("imagenet-1000m", IMAGENET, { maxFlopCount: 1e9 }, 250),
	],
	seqgen: {
		config: { ...DEFAULT_SEQUENCE_TRAINING, steps: 1200 },
		keep: 0.3,
		exemplars: 192,
		rescale: 2,
	},
};

/** Runs through everything in seconds; good for nothing else. */
const TINY: Profile = {
	mixture: { components: 3, restarts: 1, seed: 0 },
	gvae: {
		config: {
			...GVAE_CONFIG,
			steps: 20,
			size: { hidden: 32, latent: 16, mlp: 16 },
			batch: { labelled: 8, unlabelled: 8 },
		},
		heldOutLabels: 4,
		heldOutCells: 16,
		checkpointEvery: 10,
	},
	ccnf: {
		config: {
			...CCNF_CONFIG,
			steps: 20,
			batch: 16,
			size: { dimension: 16, condition: 4, hidden: 16, layers: 2 },
		},
		cells: 64,
		heldOutCells: 16,
		samplesPerCluster: 2,
		checkpointEvery: 10,
	},
	temperature: 0.4,
	histories: [
		{
			...history("small", { size: 16, classes: 4 }, { maxFlopCount: 5e6 }, 12, "tcet"),
			strategy: HL_EVO,
			populationSize: 8,
			scoring: { size: 16, batch: 4 },
		},
	],
	seqgen: {
		config: {
			...DEFAULT_SEQUENCE_TRAINING,
			model: { maxPositions: 128, hidden: 16, layers: 2, heads: 2, window: 256 },
			steps: 6,
			batch: 4,
			warmupSteps: 2,
			validateEvery: 3,
		},
		keep: 1,
		exemplars: 4,
		rescale: 1,
	},
};

/** As the default but for the flow, which is the published one: plain tanh layers and exact likelihood. Some hours for the flow alone. */
const PUBLISHED_FLOW: Profile = {
	...DEFAULT,
	ccnf: { ...DEFAULT.ccnf, config: PUBLISHED_CCNF_CONFIG },
};

/** Training recipes by name. */
export const PROFILES: Readonly<Record<string, Profile>> = {
	default: DEFAULT,
	"published-flow": PUBLISHED_FLOW,
	tiny: TINY,
};

/** The profile of a name; INVALID_ARGUMENT naming `--profile` for an unknown one. */
export function profileOf(name: string): Profile {
	const profile = Object.hasOwn(PROFILES, name) ? PROFILES[name] : undefined;
	if (profile === undefined)
		throw invalidArgument(
			"--profile",
			`there is no profile "${name}"; choose one of ${Object.keys(PROFILES).join(", ")}`,
		);
	return profile;
}
