import { type ImageBatch, loadImages, seededBatch } from "@archgen/datasets";
import { naming } from "@archgen/files";
import type { Command } from "commander";
import type { CliContext } from "../cli/index.js";
import { integer } from "../cli/index.js";

/** Options that name the minibatch proxies look at. */
export interface ImageOptions {
	readonly images?: string;
	readonly batch: number;
	readonly seed: number;
}

/**
 * Adds `--images`, `--batch` and `--seed`.
 *
 * @param defaults images in the minibatch, 64 unless given
 */
export function addImageOptions(command: Command, defaults: { readonly batch?: number } = {}): Command {
	return command
		.option(
			"--images <path>",
			"real images: CIFAR binary (.bin), NumPy (.npy, .npz), or a folder of pictures, cropped and resized where they have another size; standard normal noise unless given",
		)
		.option("--batch <n>", "images in the minibatch", integer({ min: 2, max: 1024 }), defaults.batch ?? 64)
		.option("--seed <n>", "seed of the initial weights and of noise images", integer(), 0);
}

/**
 * The minibatch for networks of an input size and number of classes.
 *
 * @param context where it is said that images were resized or look strange; without it images of another size are refused
 */
export async function readBatch(
	{ images, batch, seed }: ImageOptions,
	{ size, classes }: { readonly size: number; readonly classes: number },
	context?: Pick<CliContext, "stderr">,
): Promise<ImageBatch> {
	if (images === undefined) return seededBatch(seed, { batch, size, classes });
	const resize = context !== undefined;
	const read = await naming("images", "--images", () => loadImages(images, { batch, size, resize }));
	for (const warning of read.warnings ?? []) context?.stderr.write(`Warning: --images: ${warning}.\n`);
	return read;
}

/** Reads a little of the images that services are to score on, so that a wrong file is found before anything starts. */
export async function checkImages(
	images: string | undefined,
	context: Pick<CliContext, "stderr">,
): Promise<void> {
	if (images !== undefined)
		await readBatch({ images, batch: 2, seed: 0 }, { size: 32, classes: 10 }, context);
}
