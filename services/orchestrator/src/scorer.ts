import type { NetworkScorer, ScoreOutcome } from "@archgen/design";
import {
	aggregateObjective,
	DEFAULT_OBJECTIVE,
	OBJECTIVES,
	type ObjectiveName,
	PROXIES,
	predictionOf,
} from "@archgen/proxies";
import { zcproxy } from "@archgen/rpc";
import {
	countNetwork,
	imageMap,
	type Network,
	type NetworkInput,
	scaledInput,
	type Target,
} from "@archgen/search-space";
import { evaluateNetwork } from "@archgen/wire";
import { type ScoringPace, scoringWork, trialNetwork } from "./scoring-pace.js";
import type { ScoringSettings } from "./settings.js";
import { calling, type Upstream } from "./upstream.js";

/** Counted beside every objective. */
const ALWAYS = ["expected_accuracy"];

/** Scores that answers have beside the objective: they come out of the same passes. */
const USUAL = ["tcet", "naswot", "snip_ssnr"];

const MIN_BATCH = 8;
const MAX_BATCH = 64;

/** What networks are scored on. */
export interface ScoringData {
	/** Images in the minibatch. */
	readonly batchSize: number;
	/** Longer side of the images in pixels. */
	readonly inputSize: number;
}

/** The minibatch for networks of an input: as many images as the pixels allow, from 8 to 64, the longer side at most as the settings have it. */
export function scoringData(
	input: Pick<NetworkInput, "size" | "width">,
	{ maxInputSize, pixels }: ScoringSettings,
): ScoringData {
	const { size, width = size } = input;
	const inputSize = Math.min(Math.max(size, width), maxInputSize);
	const { height, width: across } = imageMap(scaledInput({ ...input, channels: 1 }, inputSize));
	return {
		inputSize,
		batchSize: Math.min(MAX_BATCH, Math.max(MIN_BATCH, Math.floor(pixels / (height * across)))),
	};
}

/** A trial takes at most this part of what one network may take. */
const TRIAL_SHARE = 20;

/** Answers that come sooner are kept ones and say nothing about the speed of scoring, in seconds. */
const KEPT_SECONDS = 0.02;

/** Fewest images, and least side in pixels, that scores of expensive networks come down to: the setting of searches for 32 pixels. */
const LEAST = { images: 16, side: 16 } as const;

/** The minibatch for a set of networks: as usual, and where the largest of them would cost too much, fewer images and then smaller ones. */
export function affordableData(networks: readonly Network[], settings: ScoringSettings): ScoringData {
	let { inputSize, batchSize } = scoringData(networks[0]!.input, settings);
	const images = () =>
		Math.max(...networks.map((network) => countNetwork(atSize(network, inputSize)).macCount));
	while (batchSize > LEAST.images && batchSize * images() > settings.macs)
		batchSize = Math.max(LEAST.images, Math.floor(batchSize / 2));
	while (inputSize > LEAST.side && batchSize * images() > settings.macs)
		inputSize = Math.max(LEAST.side, Math.floor(inputSize / 2));
	return { inputSize, batchSize };
}

/** What networks promise of an objective in the setting of a request, unscored; undefined where nothing is known. */
export function promiseOf(
	objective: ObjectiveName,
	target: Target,
	settings: ScoringSettings,
): ((network: Network) => number) | undefined {
	const { aggregate, parts } = OBJECTIVES[objective];
	if (aggregate !== "value") return undefined;
	return predictionOf(parts[0], target, scoringData(target, settings).inputSize);
}

function atSize(network: Network, size: number): Network {
	return { ...network, input: scaledInput(network.input, size) };
}

/**
 * The zc-proxy services as a scorer. Each network is a call of its own, so that calls spread over all instances and those of
 * an instance that goes away are made again elsewhere.
 */
export class RemoteScorer implements NetworkScorer {
	readonly version = "zc-proxy";
	/** Identity of the minibatch, once something was scored. */
	dataIdentity = "";

	/** What networks are scored on, once they are known. */
	data: ScoringData | undefined;

	readonly aggregate: NetworkScorer["aggregate"];

	/** Work of each network of the set. */
	#work: ReadonlyMap<Network, number> = new Map();
	#began: number | undefined;
	#scored = { networks: 0, work: 0 };

	/**
	 * @param seed of weights and images; that of the request, so that anybody can compute a score again
	 * @param pace what is known of the speed of scoring, and learns from this one
	 */
	constructor(
		private readonly upstream: Pick<Upstream, "zcProxy" | "patienceMs">,
		private readonly settings: ScoringSettings,
		private readonly seed: number,
		readonly objective: ObjectiveName = DEFAULT_OBJECTIVE,
		private readonly pace?: ScoringPace,
	) {
		this.aggregate = (set) => aggregateObjective(objective, set);
	}

	get parallelism(): number {
		return this.settings.parallelism;
	}

	prepare(networks: readonly Network[]): void {
		if (networks.length === 0) return;
		const data = affordableData(networks, this.settings);
		this.data = data;
		this.#work = new Map(networks.map((network) => [network, workOf(network, data)]));
	}

	secondsFor(networks: readonly Network[]): number | undefined {
		const work = networks.reduce((sum, network) => sum + (this.#work.get(network) ?? 0), 0);
		return this.pace?.secondsFor(this.objective, work);
	}

	/**
	 * Tries the speed of scoring where nothing is known of it: as many small networks at once as would be scored. Meant to run while candidates are
	 * drawn; a failure leaves the speed unknown.
	 */
	async tryPace(target: Target, signal?: AbortSignal): Promise<void> {
		const { pace, objective, upstream } = this;
		if (pace === undefined || pace.secondsFor(objective, 1) !== undefined) return;
		const network = trialNetwork(target);
		const data = affordableData([network], { ...this.settings, macs: this.settings.macs / TRIAL_SHARE });
		const began = performance.now();
		const trial = async (_: unknown, i: number) => {
			// Equal requests would be computed once.
			const settings = { ...data, ...scoringModeOf(objective), seed: this.seed + i };
			await evaluateAtSize(upstream, network, settings, signal);
		};
		try {
			await Promise.all(Array.from({ length: this.parallelism }, trial));
		} catch {
			return;
		}
		pace.note(objective, this.parallelism * workOf(network, data), performance.now() - began);
	}

	async score(network: Network, signal?: AbortSignal): Promise<ScoreOutcome> {
		this.data ??= scoringData(network.input, this.settings);
		const { data } = this;
		const settings = { ...data, ...scoringModeOf(this.objective), seed: this.seed };
		this.#began ??= performance.now();
		const outcome = await evaluateAtSize(this.upstream, network, settings, signal);
		if (outcome?.$case === "score") {
			this.dataIdentity = outcome.value.dataIdentity;
			if (outcome.value.elapsedSeconds > KEPT_SECONDS) this.#note(this.#work.get(network));
		}
		return readOutcome(outcome, OBJECTIVES[this.objective].parts);
	}

	/** Judges the pace by this set as soon as every worker can have ended a network. */
	#note(work: number | undefined): void {
		if (work === undefined) return;
		this.#scored = { networks: this.#scored.networks + 1, work: this.#scored.work + work };
		if (this.#scored.networks < this.parallelism) return;
		this.pace?.note(this.objective, this.#scored.work, performance.now() - this.#began!);
	}
}

function workOf(network: Network, { inputSize, batchSize }: ScoringData): number {
	return scoringWork(atSize(network, inputSize), batchSize);
}

/** What to compute of a network, and on what. */
export interface EvaluationTask extends ScoringData {
	/** Names as the zc-proxy service has them. */
	readonly proxies: readonly string[];
	/** Of weights and images. */
	readonly seed: number;
	/** Mode of batch norm for proxies that leave it open; eval unless given. */
	readonly bnMode?: zcproxy.BatchNormMode;
}

/** Has one network evaluated at a size that may be smaller than its own. */
export async function evaluateAtSize(
	upstream: Pick<Upstream, "zcProxy" | "patienceMs">,
	network: Network,
	{ inputSize, batchSize, proxies, seed, bnMode }: EvaluationTask,
	signal?: AbortSignal,
): Promise<zcproxy.EvaluationResult["outcome"]> {
	const scored = atSize(network, inputSize);
	const settings = { proxies: [...proxies], batchSize, seed: BigInt(seed), bnMode };
	const { patienceMs } = upstream;
	return calling("zc-proxy", () => evaluateNetwork(upstream.zcProxy, scored, settings, signal), {
		patienceMs,
		signal,
	});
}

/**
 * Proxies and mode of batch norm for an objective: its parts, and the usual scores of an answer where one set of passes gives both.
 */
function scoringModeOf(objective: ObjectiveName): Pick<EvaluationTask, "proxies" | "bnMode"> {
	const { parts, bnMode } = OBJECTIVES[objective];
	const train = bnMode === "train" && parts.some((name) => PROXIES[name].batchNorm === "request");
	return train
		? { proxies: [...parts, ...ALWAYS], bnMode: zcproxy.BatchNormMode.BATCH_NORM_MODE_TRAIN }
		: { proxies: [...new Set([...parts, ...ALWAYS, ...USUAL])] };
}

/** The outcome of a network whose objective is made of some proxies. */
export function readOutcome(
	outcome: zcproxy.EvaluationResult["outcome"],
	parts: readonly string[],
): ScoreOutcome {
	if (outcome?.$case !== "score") return { ok: false, reason: outcome?.value.reason ?? "NO_OUTCOME" };
	const { values } = outcome.value;
	const numbers: Record<string, number> = {};
	for (const [name, { outcome: found }] of Object.entries(values))
		if (found?.$case === "value") numbers[name] = found.value;
	const missing = parts.find((name) => numbers[name] === undefined);
	if (missing === undefined) return { ok: true, parts: parts.map((name) => numbers[name]!), values: numbers };
	const found = values[missing]?.outcome;
	return { ok: false, reason: found?.$case === "failure" ? found.value.reason : "NOT_SCORED" };
}
