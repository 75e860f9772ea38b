import { basename } from "node:path";
import { invalidArgument } from "@archgen/errors";
import { naming } from "@archgen/files";
import type { ModelStore } from "@archgen/models";
import { type RefreshRequest, refreshSequenceGenerator } from "@archgen/models/refresh";
import { DEFAULT_SEQUENCE_TRAINING } from "@archgen/seqgen";
import { SessionPool } from "@archgen/tensor-graph";
import { resumable } from "../resumable.js";
import type { RunContext } from "../run-context.js";
import { readHistory } from "../search/history-file.js";

/** A refresh of a bundle from history files. */
export interface RefreshTask extends Omit<RefreshRequest, "histories"> {
	/** Files of histories. */
	readonly history: readonly string[];
	/** Folder of the checkpoint. */
	readonly folder: string;
	/** Processor cores to use. */
	readonly workers: number;
}

/** Options of `archgen train seqgen` with `--history`, as the command line has them. */
export interface RefreshOptions {
	readonly models?: string;
	readonly model: string;
	readonly base?: string;
	readonly modelVersion?: string;
	readonly pretrained?: string;
	readonly anew?: boolean;
	readonly keep?: number;
	readonly exemplars?: number;
	readonly rescale?: number;
	readonly steps?: number;
	readonly seed?: number;
	readonly work?: string;
	readonly workers: number;
}

/** The refresh that options describe. @throws INVALID_ARGUMENT naming `--model-version` when it is missing */
export function refreshTask(options: RefreshOptions, history: readonly string[]): RefreshTask {
	const { model, modelVersion: version, work, workers, steps, seed, ...request } = options;
	if (version === undefined) throw invalidArgument("--model-version", "names the new version; give one.");
	const { base, pretrained, anew = false, keep, exemplars, rescale } = request;
	return {
		...{ history, model, version, workers, folder: work ?? `runs/refresh-${model}-${version}` },
		training: { ...(steps !== undefined && { steps }), ...(seed !== undefined && { seed }) },
		...{ anew, ...(base && { base }) },
		...(pretrained && { pretrained }),
		...(keep !== undefined && { keep }),
		...(exemplars !== undefined && { exemplars }),
		...(rescale !== undefined && { rescale }),
	};
}

/**
 * Trains the sequence generator on histories and writes it as a new version of a bundle, with everything else from the base.
 *
 * @throws INVALID_ARGUMENT naming `--history` for a file that is no history; CANCELLED, with how to go on
 */
export async function refreshBundle(context: RunContext, store: ModelStore, task: RefreshTask) {
	const { history: files, folder, workers, ...request } = task;
	const histories = await Promise.all(
		files.map(async (file) => {
			return { name: basename(file), records: await naming("", "--history", () => readHistory(file)) };
		}),
	);
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const total = request.training?.steps ?? DEFAULT_SEQUENCE_TRAINING.steps;
	const progress = context.startProgress({ title: "seqgen", total });
	const hint = `Run the same command again to go on from the checkpoint in ${folder}.`;
	try {
		const { name, version, metrics } = await resumable(context.signal, hint, () =>
			refreshSequenceGenerator(
				store,
				pool,
				{ ...request, histories },
				{
					folder,
					signal: context.signal,
					onProgress: (step, _, { loss, validationLoss }) =>
						progress.update(step, `loss ${(validationLoss ?? loss)?.toPrecision(4)}`),
				},
			),
		);
		const own = Object.entries(metrics).filter(([metric]) => metric.startsWith("seqgen."));
		return { name, version, ...Object.fromEntries(own) };
	} finally {
		progress.stop();
		await pool.close();
	}
}
