/** Values of IEEE 754 half precision (sign, 5 bits of exponent with bias 15, 10 of fraction), little-endian, as float32, which holds each exactly. */
export function float16ToFloat32(bytes: Uint8Array): Float32Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	return Float32Array.from({ length: bytes.byteLength >> 1 }, (_, i) => half(view.getUint16(2 * i, true)));
}

/** Values of bfloat16, the upper half of a float32, little-endian, as float32, which holds each exactly. */
export function bfloat16ToFloat32(bytes: Uint8Array): Float32Array {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const bits = Uint32Array.from(
		{ length: bytes.byteLength >> 1 },
		(_, i) => view.getUint16(2 * i, true) << 16,
	);
	return new Float32Array(bits.buffer);
}

function half(bits: number): number {
	const sign = bits & 0x8000 ? -1 : 1;
	const exponent = (bits >> 10) & 0x1f;
	const fraction = bits & 0x3ff;
	if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
	return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
