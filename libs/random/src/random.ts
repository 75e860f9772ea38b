import { createHash } from "node:crypto";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";

/** Everything needed to continue a stream exactly where it stood; plain JSON. */
export interface RandomState {
	readonly key: string;
	readonly generator: readonly number[];
}

/**
 * A seeded stream of random numbers.
 *
 * Streams form a tree: `fork` derives a child from the parent's identity and a label alone, so that drawing more
 * numbers in one place never changes the numbers of another.
 */
export interface Random {
	/** Uniform on [0, 1) with 53 random bits. */
	uniform(): number;
	/** Uniform on 0 … endExclusive − 1, without modulo bias. */
	integer(endExclusive: number): number;
	/** Standard normal (Box–Muller, one value kept for no call: the stream's state stays a plain generator state). */
	normal(): number;
	/** One of the items, uniformly. The list must not be empty. */
	pick<T>(items: readonly T[]): T;
	/** An independent stream named by `label`; does not advance this one. */
	fork(label: string | number): Random;
	state(): RandomState;
}

/** Root stream of a seed: any integer that a 64-bit number holds. */
export function createRandom(seed: number | bigint): Random {
	return fromKey(digest(`archgen-seed:${BigInt(seed)}`));
}

/** The stream that `state()` was taken from, at that point. */
export function restoreRandom(state: RandomState): Random {
	return new Xoroshiro(state.key, state.generator);
}

function digest(text: string): string {
	return createHash("sha256").update(text).digest("hex");
}

function fromKey(key: string): Random {
	// xoroshiro128+ needs 128 bits that are not all zero; 128 bits of SHA-256 are that for every practical purpose.
	const words = [0, 1, 2, 3].map((i) => Number.parseInt(key.slice(8 * i, 8 * i + 8), 16) | 0);
	return new Xoroshiro(key, words);
}

class Xoroshiro implements Random {
	readonly #key: string;
	readonly #generator: ReturnType<typeof xoroshiro128plusFromState>;

	constructor(key: string, words: readonly number[]) {
		this.#key = key;
		this.#generator = xoroshiro128plusFromState(words);
	}

	uniform(): number {
		const high = this.#generator.next() >>> 6;
		const low = this.#generator.next() >>> 5;
		return (high * 2 ** 27 + low) / 2 ** 53;
	}

	integer(endExclusive: number): number {
		return uniformInt(this.#generator, 0, endExclusive - 1);
	}

	normal(): number {
		const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
		return radius * Math.cos(2 * Math.PI * this.uniform());
	}

	pick<T>(items: readonly T[]): T {
		return items[this.integer(items.length)] as T;
	}

	fork(label: string | number): Random {
		return fromKey(digest(`${this.#key}/${label}`));
	}

	state(): RandomState {
		return { key: this.#key, generator: [...this.#generator.getState()] };
	}
}
