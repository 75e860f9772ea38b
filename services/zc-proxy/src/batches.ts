import { type ImageBatch, loadImages, seededBatch } from "@archgen/datasets";

/** Which minibatch a network is scored on. */
export interface BatchRequest {
	/** Images, 2 or more. */
	readonly batch: number;
	/** Height and width in pixels. */
	readonly size: number;
	readonly classes: number;
	/** Seed of synthetic images. */
	readonly seed: bigint;
}

/** Height and width of the real images that can be configured. */
const REAL_SIZE = 32;

/** Batches kept; candidates of one request share theirs. */
const KEPT = 4;

/** Reads or draws minibatches, and keeps the last few. */
export class Batches {
	readonly #kept = new Map<string, Promise<ImageBatch>>();

	/** @param images file of real 32x32 images, if there is one */
	constructor(private readonly images: string | undefined) {}

	/**
	 * The minibatch of a request: real images where they are configured and have the right size, else standard normal ones.
	 * Equal requests give equal batches.
	 */
	get(request: BatchRequest): Promise<ImageBatch> {
		const key = [request.batch, request.size, request.classes, request.seed].join("/");
		const batch = this.#kept.get(key) ?? this.#make(request);
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
			await loadImages(this.images, { batch: 2, size: REAL_SIZE });
		}
	}

	async #make({ batch, size, classes, seed }: BatchRequest): Promise<ImageBatch> {
		if (this.images !== undefined && size === REAL_SIZE) {
			return loadImages(this.images, { batch, size, classes });
		}
		return seededBatch(seed, { batch, size, classes });
	}
}
