import { rm } from "node:fs/promises";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { aic, bic, fitMixture, mixtureToJson, standardizerToJson } from "@archgen/mixture";
import { createRandom } from "@archgen/random";
import { readText } from "../files/packed-text.js";
import { readLabelledCells } from "./labelled-cells.js";
import type { TrainingStage } from "./stage.js";

const MAX_ITERATIONS = 200;

/** Clusters of standardised zero-cost vectors; also fixes which labels and which standardisation later steps use. */
export const trainMixture: TrainingStage = {
	description: "Standardise the labels and fit the Gaussian mixture of their zero-cost vectors",
	run: async (context) => {
		const { work, labels, profile, cli } = context;
		const complete = await snapshot(labels);
		await rm(work.path("mixture"), { recursive: true, force: true });
		await work.write(["mixture", "labels.jsonl"], complete);
		const data = await readLabelledCells(work.path("mixture", "labels.jsonl"));
		const { components, restarts, seed } = profile.mixture;
		const samples = data.cells.map(({ zc }) => zc);
		const progress = cli.startProgress({ title: "mixture", total: restarts * MAX_ITERATIONS });
		const fit = await fitMixture(samples, {
			components,
			restarts,
			maxIterations: MAX_ITERATIONS,
			random: createRandom(seed).fork("mixture"),
			signal: cli.signal,
			onIteration: ({ restart, iteration, logLikelihood }) =>
				progress.update(restart * MAX_ITERATIONS + iteration, `log-likelihood ${logLikelihood.toFixed(3)}`),
		}).finally(() => progress.stop());
		await work.writeJson(["mixture", "mixture.json"], mixtureToJson(fit.mixture));
		await work.writeJson(["mixture", "standardizer.json"], standardizerToJson(data.standardizer));
		return {
			config: profile.mixture,
			inputs: { labels: data.digest, images: data.header.images },
			metrics: {
				labelledCells: samples.length,
				logLikelihood: fit.logLikelihood,
				bic: bic(fit.mixture, samples),
				aic: aic(fit.mixture, samples),
			},
		};
	},
};

/** The complete lines of the label file as it stands now: labelling may go on while we train. */
async function snapshot(path: string): Promise<string> {
	const text = await readText(path).catch((error: unknown) => {
		if (error instanceof ArchgenError) throw error;
		throw invalidArgument("--labels", `${path} cannot be read; make it with "archgen label"`, "NO_LABELS");
	});
	return text.slice(0, text.lastIndexOf("\n") + 1);
}
