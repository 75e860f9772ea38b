import {
	type BatchPlan,
	type ImageBatch,
	loadImages,
	planBatch,
	type SyntheticSelection,
} from "@archgen/datasets";

/** Which minibatch a network is scored on; two images or more. */
export interface BatchRequest extends SyntheticSelection {
	/** Seed of synthetic images. */
	readonly seed: bigint;
}

/** Height and width to which images are resized when the file is checked at start. */
const CHECKED_SIZE = 32;

/** Batches of real images kept; candidates of one request share theirs. */
const KEPT = 4;

/** Reads minibatches of real images and keeps the last few; synthetic ones are only planned, workers draw them. */
export class Batches {
	readonly #kept = new Map<string, Promise<ImageBatch>>();

	/** @param images file or folder of real images, if there is one */
	constructor(private readonly images: string | undefined) {}

	/**
	 * The minibatch of a request: real images where they are configured, resized where they have another size, else standard normal ones. Networks
	 * that take no square pictures in three colours are scored on standard normal images in any case.
	 * Equal requests give equal batches.
	 */
	async get(request: BatchRequest): Promise<ImageBatch | BatchPlan> {
		const { seed, size, width = size, channels = 3 } = request;
		if (this.images === undefined || width !== size || channels !== 3) return planBatch(seed, request);
		return this.#read(this.images, request);
	}

	#read(images: string, { batch: count, size, classes }: BatchRequest): Promise<ImageBatch> {
		const key = [count, size, classes].join("/");
		const batch = this.#kept.get(key) ?? loadImages(images, { batch: count, size, classes, resize: true });
		// The last one used goes to the end, the one at the front is forgotten first.
		this.#kept.delete(key);
		this.#kept.set(key, batch);
		batch.catch(() => this.#kept.delete(key));
		for (const old of [...this.#kept.keys()].slice(0, -KEPT)) {
			this.#kept.delete(old);
		}
		return batch;
	}

	/** Reads a little of the configured file, so that a wrong one is found at start; throws what `loadImages` throws. */
	async check(): Promise<void> {
		if (this.images !== undefined) {
			await loadImages(this.images, { batch: 2, size: CHECKED_SIZE, resize: true });
		}
	}
}
