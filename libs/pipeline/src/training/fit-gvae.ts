import { rm } from "node:fs/promises";
import { ZC_COLUMNS } from "@archgen/design";
import { type GvaeConfig, HeldOutLoss, type TrainedGvae, trainGvae } from "@archgen/gvae";
import { type Standardizer, standardize } from "@archgen/mixture";
import { alphaNetwork, type Cell, countLayers, lowerNetwork } from "@archgen/search-space";
import type { SessionPool } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import type { GvaeParts } from "./gvae-parts.js";
import { trainingProgress } from "./stage.js";
import { loadCheckpoint, saveCheckpoint } from "./trainer-checkpoint.js";

const FIRST_COUNT = ZC_COLUMNS.indexOf("parameterCount");

/** Where a checkpoint keeps the held-out losses up to it. */
const HELD_OUT = "heldOut";

/** One training of a G-VAE. */
export interface GvaeFit {
	/** Heading of the progress. */
	readonly title: string;
	readonly config: GvaeConfig;
	/** Of the labels. */
	readonly standardizer: Standardizer;
	/** File of the checkpoint. */
	readonly checkpoint: string;
	/** Fingerprint of all that decides the result. */
	readonly identity: string;
	readonly checkpointEvery: number;
	/** True to throw the checkpoint away first. */
	readonly restart: boolean;
}

/** Loss and its terms on held-out cells after some step, all averages a cell. */
export interface HeldOutPoint {
	readonly step: number;
	readonly values: Readonly<Record<string, number>>;
}

/** A trained G-VAE. */
export interface FittedGvae {
	readonly parameters: TrainedGvae["parameters"];
	/** One point for each checkpoint. */
	readonly heldOut: readonly HeldOutPoint[];
}

/** Trains a G-VAE, or goes on from its checkpoint, with progress on stderr. A finished training is only loaded. */
export async function fitGvae(
	cli: RunContext,
	pool: SessionPool,
	parts: GvaeParts,
	fit: GvaeFit,
): Promise<FittedGvae> {
	const { config, checkpoint, identity, checkpointEvery } = fit;
	if (fit.restart) await rm(checkpoint, { force: true });
	const saved = await loadCheckpoint(checkpoint, identity);
	const resume = saved?.state;
	const heldOut: HeldOutPoint[] = saved ? JSON.parse(saved.metadata[HELD_OUT] ?? "[]") : [];
	if (resume?.step === config.steps) return { parameters: resume.parameters, heldOut };
	const counts = standardCounts(fit.standardizer);
	const unseen = [...parts.heldOutCells, ...parts.heldOutLabels.map(({ cell }) => cell)];
	const data = {
		labelled: parts.training,
		unlabelled: "generated",
		exclude: new Set(unseen.map(({ hash }) => hash)),
		counts,
	} as const;
	const kept = { labelled: parts.heldOutLabels, unlabelled: parts.heldOutCells, counts };
	const loss = await HeldOutLoss.create(pool, kept, config);
	const progress = trainingProgress({ cli }, fit.title, { total: config.steps, start: resume?.step ?? 0 });
	try {
		const { parameters } = await trainGvae(pool, data, config, {
			signal: cli.signal,
			onProgress: (step, total, metrics) => {
				const last = heldOut.at(-1);
				progress.onProgress(step, total, { ...metrics, ...(last && { "held-out": last.values.loss! }) });
			},
			checkpoint: {
				every: checkpointEvery,
				save: async (state) => {
					heldOut.push({ step: state.step, values: await loss.measure(state.parameters, cli.signal) });
					await saveCheckpoint(checkpoint, identity, state, { [HELD_OUT]: JSON.stringify(heldOut) });
				},
			},
			...(resume && { resume }),
		});
		return { parameters, heldOut };
	} finally {
		progress.stop();
		await loss.release();
	}
}

/** Gives the standardised [parameters, flopCount] of cells in α_x: the part of their zero-cost vectors that needs no measurement. */
function standardCounts({ log, mean, std }: Standardizer): (cell: Cell) => number[] {
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
