import { basename } from "node:path";
import { naming } from "@archgen/files";
import { FolderModelStore } from "@archgen/models";
import { refreshSequenceGenerator } from "@archgen/models/refresh";
import { readHistory } from "@archgen/pipeline";
import { SessionPool } from "@archgen/tensor-graph";
import { modelsFolder } from "../bundle/model-folder.js";
import type { CliContext } from "../cli/index.js";
import { resumable } from "../cli/index.js";
import { startProgress } from "../cli/progress.js";

/** Options of `train seqgen` with `--history`. */
export interface RefreshOptions {
	readonly history: readonly string[];
	readonly models?: string;
	readonly model: string;
	readonly base?: string;
	readonly modelVersion?: string;
	readonly pretrained?: string;
	readonly keep?: number;
	readonly exemplars?: number;
	readonly rescale?: number;
	readonly steps?: number;
	readonly seed?: number;
	readonly work?: string;
	readonly workers: number;
}

/** Trains the sequence generator on histories and writes it as a new version of a bundle, with everything else from the base. */
export async function refreshFromHistories(context: CliContext, options: RefreshOptions, version: string) {
	const { model: name, base, pretrained, keep, exemplars, rescale, steps, seed, workers } = options;
	const folder = options.work ?? `runs/refresh-${name}-${version}`;
	const histories = await Promise.all(
		options.history.map(async (file) => {
			return { name: basename(file), records: await naming("", "--history", () => readHistory(file)) };
		}),
	);
	const training = { ...(steps !== undefined && { steps }), ...(seed !== undefined && { seed }) };
	const request = {
		model: name,
		version,
		histories,
		training,
		...(base && { base }),
		...(keep !== undefined && { keep }),
		...(exemplars !== undefined && { exemplars }),
		...(rescale !== undefined && { rescale }),
		...(pretrained && { pretrained }),
	};
	const store = new FolderModelStore(modelsFolder(options, context));
	const pool = SessionPool.create({ workers: 1, threadsPerWorker: workers });
	const progress = startProgress(context.stderr, { title: "seqgen", total: steps ?? 1000 });
	const hint = `Run the same command again to go on from the checkpoint in ${folder}.`;
	try {
		const { metrics } = await resumable(context.signal, hint, () =>
			refreshSequenceGenerator(store, pool, request, {
				folder,
				signal: context.signal,
				onProgress: (step, _, { loss, validationLoss }) =>
					progress.update(step, `loss ${(validationLoss ?? loss)?.toPrecision(4)}`),
			}),
		);
		const own = Object.entries(metrics).filter(([metric]) => metric.startsWith("seqgen."));
		return { name, version, ...Object.fromEntries(own) };
	} finally {
		progress.stop();
		await pool.close();
	}
}
