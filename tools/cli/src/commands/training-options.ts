import { outputFolder } from "@archgen/files";
import type { Command } from "commander";
import { addModelOptions, type ModelOptions } from "../bundle/model-folder.js";
import { type CliContext, type CommonOptions, integer, resumable } from "../cli/index.js";

/** Options of every training that writes a network to a folder. */
export interface TrainingOptions extends CommonOptions {
	readonly out?: string;
	readonly steps?: number;
	readonly seed: number;
	readonly workers: number;
	readonly restart?: boolean;
}

/** Options of the training of a generator from the architectures of its space. */
export interface GeneratorTrainingOptions extends TrainingOptions {
	readonly architectures?: number;
}

/** Options of a generator that is asked for vectors. */
export interface VectorOptions extends ModelOptions {
	readonly vectors?: boolean;
}

/** Adds the options of {@link VectorOptions}. */
export function addVectorOptions(command: Command): Command {
	command.option(
		"--vectors",
		"with --space cells: condition on the zero-cost vector that the predictor of a bundle (--model) gives; a cell generator of that bundle needs it",
	);
	return addModelOptions(command);
}

/** @param size by which the number of steps goes unless it is given */
export function addTrainingOptions(command: Command, size: string): Command {
	return command
		.option("--steps <n>", `optimiser steps; ${size} unless given`, integer({ min: 1 }))
		.option("--seed <n>", "seed of the training set, weights and noise", integer(), 0)
		.option("--workers <n>", "processor cores to use", integer({ min: 1, max: 256 }), 2)
		.option("--restart", "discard the checkpoint and begin anew");
}

/** {@link addTrainingOptions} of a generator. */
export function addGeneratorTrainingOptions(command: Command): Command {
	command.option(
		"--architectures <n>",
		"distinct architectures to train on; half of the space unless given, at most 100,000",
		integer({ min: 1, max: 1_000_000 }),
	);
	return addTrainingOptions(command, "those of the network's size");
}

/** Steps and warm-up of a training. */
interface StepConfig {
	readonly seed: number;
	readonly steps: number;
	readonly warmupSteps: number;
}

/** A configuration with the seed and steps of the options; the warm-up takes at most a twentieth of the steps. */
export function withSteps<C extends StepConfig>(
	config: C,
	{ seed, steps = config.steps }: TrainingOptions,
): C {
	return { ...config, seed, steps, warmupSteps: Math.min(config.warmupSteps, Math.ceil(steps / 20)) };
}

/** Trains into a folder, which an interrupted training names, and adds the seconds that it took. */
export async function trainInto<R extends object>(
	context: CliContext,
	folder: string,
	{ workers, restart = false }: TrainingOptions,
	train: (place: { folder: string; workers: number; restart: boolean }) => Promise<R>,
): Promise<{ readonly folder: string } & R & { readonly seconds: number }> {
	await outputFolder("--out", folder);
	const began = performance.now();
	const hint = `Run the same command again to go on from the checkpoint in ${folder}.`;
	const result = await resumable(context.signal, hint, () => train({ folder, workers, restart }));
	const seconds = Math.round((performance.now() - began) / 100) / 10;
	return { folder, ...result, seconds };
}
