import { createHash } from "node:crypto";
import { createRandom, fillNormal, type Random } from "@archgen/random";
import type { ImageBatch } from "./image-batch.js";
import { checkSelection } from "./selection.js";

/** Size of a batch that is drawn rather than read. */
export interface SyntheticSelection {
	readonly batch: number;
	/** Height, and width where none is given. */
	readonly size: number;
	/** The height unless given. */
	readonly width?: number;
	/** 3 unless given. */
	readonly channels?: number;
	readonly classes: number;
}

/**
 * Standard normal images with uniform labels, the stand-in where no real images are given.
 * Equal streams give equal batches; `random` itself is not advanced.
 */
export function syntheticBatch(random: Random, selection: SyntheticSelection): ImageBatch {
	const { batch, classes } = selection;
	checkSelection(selection);
	const shape = shapeOf(selection);
	const images = fillNormal(random.fork("images"), new Float32Array(shape.reduce((a, b) => a * b, 1)));
	const labelStream = random.fork("labels");
	const labels = BigInt64Array.from({ length: batch }, () => BigInt(labelStream.integer(classes)));
	return { images, shape, labels, classes, identity: identityOf(random, selection) };
}

function shapeOf({ batch, size, width = size, channels = 3 }: SyntheticSelection): ImageBatch["shape"] {
	return [batch, channels, size, width];
}

/** Forks depend on the stream's key alone, so the key and the sizes identify the batch. */
function identityOf(random: Random, selection: SyntheticSelection): string {
	const [batch, channels, size, width] = shapeOf(selection);
	const further = channels === 3 && width === size ? [] : [channels, width];
	const identity = [random.state().key, batch, size, selection.classes, ...further];
	const digest = createHash("sha256").update(JSON.stringify(identity));
	return `normal:${digest.digest("hex")}`;
}

/** The synthetic batch of a seed, the same wherever a user names one: on the command line, in a request, in a search. */
export function seededBatch(seed: number | bigint, selection: SyntheticSelection): ImageBatch {
	return syntheticBatch(streamOf(seed), selection);
}

function streamOf(seed: number | bigint): Random {
	return createRandom(seed).fork("batch");
}

/** All about a synthetic batch but its pixels: small, and enough to draw it where it is needed. */
export interface BatchPlan extends Pick<ImageBatch, "shape" | "classes" | "identity"> {
	readonly seed: number | bigint;
}

/** The plan of `seededBatch(seed, selection)`, under the same identity. */
export function planBatch(seed: number | bigint, selection: SyntheticSelection): BatchPlan {
	checkSelection(selection);
	const { classes } = selection;
	return { seed, shape: shapeOf(selection), classes, identity: identityOf(streamOf(seed), selection) };
}

/** The batch of a plan; its images and labels are drawn when they are first looked at. */
export class PlannedBatch implements ImageBatch {
	readonly shape: ImageBatch["shape"];
	readonly classes: number;
	readonly identity: string;
	readonly #seed: number | bigint;
	#drawn: ImageBatch | undefined;

	constructor({ seed, shape, classes, identity }: BatchPlan) {
		this.#seed = seed;
		this.shape = shape;
		this.classes = classes;
		this.identity = identity;
	}

	get images(): Float32Array {
		return this.#draw().images;
	}

	get labels(): BigInt64Array {
		return this.#draw().labels;
	}

	#draw(): ImageBatch {
		const [batch, channels, size, width] = this.shape;
		this.#drawn ??= seededBatch(this.#seed, { batch, size, width, channels, classes: this.classes });
		return this.#drawn;
	}
}
