import { type ImageBatch, loadImages, seededBatch } from "@archgen/datasets";
import type { Command } from "commander";
import { integer } from "../cli/parsers.js";
import { naming } from "./name-option.js";

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
			"real images: CIFAR binary (.bin), NumPy (.npy, .npz), or a folder of PNG and JPEG; standard normal noise unless given",
		)
		.option("--batch <n>", "images in the minibatch", integer({ min: 2, max: 1024 }), defaults.batch ?? 64)
		.option("--seed <n>", "seed of the initial weights and of drawn images", integer(), 0);
}

/** The minibatch for networks of an input size and number of classes. */
export function readBatch(
	{ images, batch, seed }: ImageOptions,
	{ size, classes }: { readonly size: number; readonly classes: number },
): Promise<ImageBatch> {
	if (images !== undefined) return naming("images", "--images", () => loadImages(images, { batch, size }));
	return Promise.resolve(seededBatch(seed, { batch, size, classes }));
}

/** Reads a little of the images that services are to score on, so that a wrong file is found before anything starts. */
export async function checkImages(images: string | undefined): Promise<void> {
	if (images !== undefined) await readBatch({ images, batch: 2, seed: 0 }, { size: 32, classes: 10 });
}
