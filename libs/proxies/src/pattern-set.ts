/** Share of the table's places that may be taken before it doubles. */
const FULLEST = 0.5;

/** Counts distinct patterns of a fixed number of 32-bit words: a hash table with linear probing, exact for any number of words. */
export class PatternSet {
	readonly #words: number;
	#table: Int32Array; // the pattern's place in #patterns, plus 1; 0 is free
	#patterns: Int32Array;
	#size = 0;

	/** @param words 32-bit words of a pattern */
	constructor(words: number) {
		this.#words = words;
		this.#table = new Int32Array(1024);
		this.#patterns = new Int32Array(512 * words);
	}

	/** Distinct patterns so far. */
	get size(): number {
		return this.#size;
	}

	/**
	 * Adds a pattern.
	 *
	 * @param words array with word w of the pattern at `start + w · stride`
	 */
	add(words: Int32Array, start: number, stride: number): void {
		const mask = this.#table.length - 1;
		let place = this.#hash(words, start, stride) & mask;
		for (let entry = this.#table[place]!; entry !== 0; entry = this.#table[place]!) {
			if (this.#equals(entry - 1, words, start, stride)) return;
			place = (place + 1) & mask;
		}
		for (let w = 0; w < this.#words; w++)
			this.#patterns[this.#size * this.#words + w] = words[start + w * stride]!;
		this.#table[place] = ++this.#size;
		if (this.#size >= FULLEST * this.#table.length) this.#grow();
	}

	#equals(pattern: number, words: Int32Array, start: number, stride: number): boolean {
		for (let w = 0; w < this.#words; w++)
			if (this.#patterns[pattern * this.#words + w] !== words[start + w * stride]) return false;
		return true;
	}

	/** The multiplicative mixing of MurmurHash3's 32-bit finaliser, word by word. */
	#hash(words: Int32Array, start: number, stride: number): number {
		let hash = 0;
		for (let w = 0; w < this.#words; w++) {
			hash = Math.imul(hash ^ words[start + w * stride]!, 0x85ebca6b);
			hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
			hash ^= hash >>> 16;
		}
		return hash;
	}

	#grow(): void {
		const capacity = 2 * this.#table.length;
		const patterns = new Int32Array(FULLEST * capacity * this.#words);
		patterns.set(this.#patterns);
		this.#patterns = patterns;
		this.#table = new Int32Array(capacity);
		for (let i = 0; i < this.#size; i++) {
			let place = this.#hash(patterns, i * this.#words, 1) & (capacity - 1);
			while (this.#table[place] !== 0) place = (place + 1) & (capacity - 1);
			this.#table[place] = i + 1;
		}
	}
}
