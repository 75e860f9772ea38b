import { writeFileSync } from "node:fs";
import { loadImages } from "@archgen/datasets";
import { each, inFolder, ofFile, ofFolder, type Readers, reader } from "../reader.js";
import { NPZ, npy, PNG } from "../samples.js";

const IMAGES = { batch: 2, size: 4, resize: true };

/** Readers of images. */
export const READERS = {
	cifar: ofFile("images.bin", [Buffer.alloc(3073 * 2, 3), Buffer.alloc(3074 * 2, 3)], (path) =>
		loadImages(path, { ...IMAGES, size: 32 }),
	),
	npy: reader(
		[npy("|u1", "(2, 3, 4, 4)", Buffer.alloc(96, 7)), npy("<i8", "(2,)", Buffer.alloc(16))],
		(bytes) => {
			const [images, labels] = [inFolder("x.npy"), inFolder("x.labels.npy")];
			writeFileSync(images, bytes);
			writeFileSync(labels, npy("<i8", "(2,)", Buffer.alloc(16)));
			return each([
				() => loadImages(images, IMAGES),
				() => {
					writeFileSync(labels, bytes);
					writeFileSync(images, npy("|u1", "(2, 3, 4, 4)", Buffer.alloc(96, 7)));
					return loadImages(images, IMAGES);
				},
			]);
		},
	),
	npz: ofFile("images.npz", [NPZ], (path) => loadImages(path, IMAGES)),
	pictures: ofFolder("a/1.png", [PNG], { "b/1.png": PNG }, (path) => loadImages(path, IMAGES)),
} satisfies Readers;
