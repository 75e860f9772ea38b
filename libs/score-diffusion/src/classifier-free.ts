/**
 * (1 + W) conditional − W unconditional outputs of a network; the second half of the rows is the unconditional one (Ho & Salimans 2021).
 *
 * @param outputs flat, rows below each other
 * @param guidance W
 */
export function guided(outputs: Float32Array, guidance: number): Float32Array {
	const half = outputs.length / 2;
	return Float32Array.from(
		{ length: half },
		(_, i) => (1 + guidance) * outputs[i]! - guidance * outputs[half + i]!,
	);
}
