import { Float16Array } from "@petamoriken/float16";

/** Values of IEEE 754 half precision, little-endian, as float32, which holds each exactly. */
export function float16ToFloat32(bytes: Uint8Array): Float32Array {
	return Float32Array.from(new Float16Array(Uint8Array.from(bytes).buffer));
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
