import { createHash } from "node:crypto";

/**
 * A seed of the protocol, which has 64 bits, as an exact number: itself up to 2⁵³−1; above, where no number of JavaScript holds it, 52 bits of
 * its hash. Replies echo the seed that was sent.
 */
export function seedNumber(seed: bigint): number {
	if (seed <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(seed);
	const digest = createHash("sha256").update(`archgen-seed-64:${seed}`).digest();
	return Number(digest.readBigUInt64BE() >> 12n);
}
