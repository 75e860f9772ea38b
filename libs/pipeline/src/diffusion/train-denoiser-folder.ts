import {
	type ConditionMetric,
	type ConditionTarget,
	type DenoiserConfig,
	denoiserData,
	exportDenoiser,
	graphShape,
	trainDenoiser,
	vectorDenoiserData,
} from "@archgen/discrete-diffusion";
import { defaultTrainingSize, splitRows, trainingArchitectures } from "@archgen/score-diffusion";
import type { ArchitectureSpace } from "@archgen/search-space";
import type { RunContext } from "../run-context.js";
import type { VectorSource } from "./cell-vectors.js";
import { labelledRows } from "./labelled-rows.js";
import type { PropertyTableFile } from "./read-property-table.js";
import type { TrainingPlace } from "./resume-training.js";
import { type GeneratorTraining, trainGeneratorFolder } from "./train-generator-folder.js";
import type { DenoiserOrigin } from "./trained-origins.js";

/** Classes that a denoiser learns from rows of a table. */
export interface DenoiserLabels<A> {
	readonly file: PropertyTableFile<A>;
	readonly targets: readonly ConditionTarget[];
	/** Rows to train on, chosen at random by the seed; all unless given. */
	readonly rows?: number | undefined;
	/** Whether "top" is taken among the rows within every bound. */
	readonly amongWithin: boolean;
}

export interface DenoiserJob<A> extends TrainingPlace {
	readonly config: DenoiserConfig;
	/** Distinct architectures to train on without labels; `defaultTrainingSize` unless given. */
	readonly architectures?: number | undefined;
	/** None for a model without conditions. */
	readonly labels?: DenoiserLabels<A> | undefined;
	/** Vectors that the model is asked for, in place of labels. */
	readonly vectors?: VectorSource<A> | undefined;
}

/** A denoiser that was trained. */
export interface DenoiserReport extends Omit<DenoiserOrigin, "labels" | "vectors"> {
	/** Rows of the table that it was trained on. */
	readonly rows: number;
	readonly metrics: readonly ConditionMetric[];
	readonly parameters: number;
}

/** Trains the denoiser of a space on its architectures and on labelled ones, and writes it with what it was trained on. */
export async function trainDenoiserFolder<A>(
	context: RunContext,
	space: ArchitectureSpace<A>,
	{ config, architectures: wanted, labels, vectors, ...place }: DenoiserJob<A>,
): Promise<DenoiserReport> {
	const { seed } = config;
	const set = { space: space.name, architectures: wanted ?? defaultTrainingSize(space), seed };
	const chosen = labels && chosenRows(labels, seed);
	const architectures = trainingArchitectures(space, set);
	const data =
		vectors === undefined
			? denoiserData(space, architectures, labels && { ...labels, table: labels.file.table, rows: chosen! })
			: vectorDenoiserData(space, architectures, await vectors.vectorsOf(context, architectures));
	const origin = {
		...set,
		...(labels && { labels: labelledRows(space, labels.file, chosen!, seed) }),
		...(vectors && { vectors: vectors.origin }),
	};
	const { metrics } = data;
	const train: GeneratorTraining["train"] = async (pool, hooks) => {
		const { denoiser } = await trainDenoiser(pool, data, graphShape(space), config, hooks);
		return { files: exportDenoiser(denoiser), parameters: denoiser.parameters };
	};
	const training = { title: "discrete", config, origin, data: [metrics], train };
	const parameters = await trainGeneratorFolder(context, place, training);
	return { ...set, rows: chosen?.length ?? 0, metrics, parameters };
}

function chosenRows<A>({ file, rows }: DenoiserLabels<A>, seed: number): readonly number[] {
	const total = file.table.architectures.length;
	return splitRows(total, rows ?? total, seed).chosen;
}
