import { ArchgenError } from "@archgen/errors";
import { staticShape } from "../shape.js";
import { VECTOR_LENGTH } from "../vector/vector-pass.js";
import { MOST_SHARED_BYTES, type SharedMemory, sharedMemory } from "../vector/wasm.js";

/**
 * Parts of a training's memory: parameters, Adam's moments, the moving average of the parameters where the plan has one, and the gradient of each
 * share of the loss, by its number.
 */
export type Region = "parameters" | "first" | "second" | "average" | number;

export interface MemoryPlan {
	/** Parameters in order. */
	readonly specs: readonly { readonly name: string; readonly shape: readonly number[] }[];
	/** Parts of the loss with a gradient each. */
	readonly shares: number;
	/** Whether there is a moving average of the parameters, default false. */
	readonly averaged?: boolean;
}

/** Elements from `start` on, a multiple of the vectors' length. */
export interface Stretch {
	readonly start: number;
	readonly count: number;
}

const FLOAT_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** Regions before the gradients, by whether the parameters are averaged. */
const ORDER = { parameters: 0, first: 1, second: 2, average: 3 } as const;
const gradientsAt = ({ averaged = false }: MemoryPlan) => (averaged ? 4 : 3);
const wholeVectors = (elements: number) => Math.ceil(elements / VECTOR_LENGTH) * VECTOR_LENGTH;

/**
 * The numbers of a training in memory that its threads share: regions of one size in which every parameter has the same place. What lies between
 * parameters to fill up vectors stays 0.
 */
export class TrainingMemory {
	readonly #places = new Map<string, { readonly start: number; readonly length: number }>();
	/** Elements of a region. */
	readonly #size: number;
	readonly shared: SharedMemory;

	/**
	 * @param shared what another thread has made for the same plan
	 * @throws FAILED_PRECONDITION `MODEL_TOO_LARGE_TO_TRAIN` for more parameters than the memory can hold, 268 million with one share
	 */
	constructor(
		readonly plan: MemoryPlan,
		shared?: SharedMemory,
	) {
		let start = 0;
		for (const { name, shape } of plan.specs) {
			const length = staticShape(shape).reduce((a, b) => a * b, 1);
			this.#places.set(name, { start, length });
			start += wholeVectors(length);
		}
		this.#size = start;
		const bytes = (gradientsAt(plan) + plan.shares) * start * FLOAT_BYTES;
		if (bytes > MOST_SHARED_BYTES) throw tooLarge(start, bytes);
		this.shared = shared ?? sharedMemory(bytes);
	}

	/** A parameter's numbers in a region. */
	view(region: Region, name: string): Float32Array {
		const { start, length } = this.#places.get(name)!;
		return new Float32Array(this.shared.buffer, this.offset(region, start), length);
	}

	/** Fills a parameter's place in a region; throws when there are more numbers or fewer. */
	write(region: Region, name: string, values: Float32Array): void {
		const place = this.view(region, name);
		if (values.length !== place.length)
			throw new Error(`the parameter "${name}" has ${place.length} elements, not ${values.length}`);
		place.set(values);
	}

	/** First byte of an element. */
	offset(region: Region, element: number): number {
		const index = typeof region === "number" ? gradientsAt(this.plan) + region : ORDER[region];
		return (index * this.#size + element) * FLOAT_BYTES;
	}

	/** What each of the shares' threads adds up and updates: all elements in equal stretches. */
	stretch(share: number): Stretch {
		const border = (i: number) => wholeVectors(Math.floor((this.#size * i) / this.plan.shares));
		return { start: border(share), count: border(share + 1) - border(share) };
	}
}

function tooLarge(elements: number, bytes: number): ArchgenError {
	const gibibytes = (count: number) => (count / 2 ** 30).toFixed(1);
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_TOO_LARGE_TO_TRAIN",
		message: `A training of ${elements} parameters keeps ${gibibytes(bytes)} GiB of parameters, moments and gradients, and can keep ${gibibytes(MOST_SHARED_BYTES)}; take a smaller model.`,
	});
}
