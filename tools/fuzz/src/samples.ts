import { designNetwork, type EvolutionRecord, recordToLine } from "@archgen/evolution";
import { createRandom } from "@archgen/random";
import { alphaNetwork, countNetwork, networkHash, networkToJson, randomCell } from "@archgen/search-space";

/** Text as bytes. */
export const bytesOf = (text: string): Uint8Array => Buffer.from(text);

/** A document as bytes of its JSON text. */
export const jsonBytes = (document: unknown): Uint8Array => bytesOf(JSON.stringify(document));

export const CELL = randomCell(createRandom(1));
export const NETWORK = networkToJson(alphaNetwork(CELL));
export const CELL_TEXT =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

/** A record of a search over two stages. */
const record = (): EvolutionRecord => {
	const stage = { cluster: 0, channels: 16, stride: 1, repeats: 1, cell: CELL } as const;
	const design = { stages: [stage, { ...stage, channels: 32, stride: 2 } as const], finalChannels: 64 };
	const target = { size: 32, classes: 10 };
	const network = designNetwork(design, target);
	return {
		...{ index: 0, proposal: 0, parent: null, mutations: [], phase: "start", dropped: {} },
		...{ design, target, hash: networkHash(network), counts: countNetwork(network), score: 1.5 },
	};
};
export const RECORD_LINE = recordToLine(record());

/** A record without what its evaluation gave. */
export const LAUNCH_LINE = (() => {
	const { index: _, target: __, score: ___, ...launch } = JSON.parse(RECORD_LINE);
	return JSON.stringify(launch);
})();

/** A safetensors file of float32 arrays of one dimension. */
export function safetensors(
	arrays: Readonly<Record<string, readonly number[]>>,
	metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
	let offset = 0;
	const header: Record<string, unknown> = { __metadata__: metadata };
	for (const [name, values] of Object.entries(arrays)) {
		header[name] = {
			dtype: "F32",
			shape: [values.length],
			data_offsets: [offset, offset + 4 * values.length],
		};
		offset += 4 * values.length;
	}
	const text = Buffer.from(JSON.stringify(header));
	const length = Buffer.alloc(8);
	length.writeBigUInt64LE(BigInt(text.length));
	return Buffer.concat([length, text, Buffer.from(Float32Array.from(Object.values(arrays).flat()).buffer)]);
}

/** A `.npy` file, format 1.0. */
export function npy(descr: string, shape: string, data: Uint8Array): Uint8Array {
	const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': ${shape}, }`;
	const padded = Buffer.from(`${text.padEnd(64 * Math.ceil((text.length + 11) / 64) - 11)}\n`);
	const head = Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, padded.length & 255, padded.length >> 8]);
	return Buffer.concat([head, padded, data]);
}

/** Two images of 4 × 4 pixels and their labels, as `numpy.savez_compressed` writes them. */
export const NPZ = Buffer.from(
	"UEsDBBQAAAAIAAAAIQDj/8yvqwAAAOAAAAAKAAAAaW1hZ2VzLm5weZvsF+obEMnIUMZQrZ6SWpxcpG6loF5Taqiuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkY6CsY6CiZApKmjUKtABuBiYGRiZmFlY+fg5OLm4eXjFxAUEhYRFROXkJSSlpGVk1dQVFJWUVVT19DU0tbR1dM3MDQyNjE1M7ewtLK2sbWzd3B0cnZxdXP38PTy9vH18w8IDAoOCQ0Lj4iMio6JjYsHAFBLAwQUAAAACAAAACEAfmr7yUkAAACQAAAACgAAAGxhYmVscy5ucHmb7BfqGxDJyFDGUK2eklqcXKRupaBuk2mhrqOgnpZfVFKUmBefX5SSChJ3S8wpTgWKF2ckFqQC+RpGOpo6CrUKFAAuBihghNIAUEsBAhQDFAAAAAgAAAAhAOP/zK+rAAAA4AAAAAoAAAAAAAAAAAAAAIABAAAAAGltYWdlcy5ucHlQSwECFAMUAAAACAAAACEAfmr7yUkAAACQAAAACgAAAAAAAAAAAAAAgAHTAAAAbGFiZWxzLm5weVBLBQYAAAAAAgACAHAAAABEAQAAAAA=",
	"base64",
);

/** A picture of 4 × 4 pixels. */
export const PNG = Buffer.from(
	"iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAPElEQVR4nGNgYGRiZmFlY+fg5OJm4OHl4xcQFBIWERUTZ5CQlJKWkZWTV1BUUmZQUVVT19DU0tbR1dMHAEv4BGmK1+0rAAAAAElFTkSuQmCC",
	"base64",
);

/** A certificate of `localhost` without its key. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBgDCCASWgAwIBAgIUISX9Hjh9w/19KiBHPCQw0t4Odr8wCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyODA1MzQwMVoYDzIxMjYxMTA0
MDUzNDAxWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARWY47vtDYRz4/Hf5/e2wnOAPCv7md3dqlfnIG4iue/mjj/pFKGmI8y
XyS7suA3MmVxHO2CNXoOuJAbJuUOI3nlo1MwUTAdBgNVHQ4EFgQUMpPOvutzqT1q
rMPoEL1qmTKHr5EwHwYDVR0jBBgwFoAUMpPOvutzqT1qrMPoEL1qmTKHr5EwDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNJADBGAiEAyEsLKtW0cO1Ks8WD9Fkh
1H269DNfZh24PJCMXPERKlsCIQCKdOhQ5FGa/CGw1EIWpXFzk1+wUNYCyKLgCxsi
ys7q9g==
-----END CERTIFICATE-----
`;

/** A file of published architectures with one, of one stage with one operation: rows are the global node, input, operation, output and padding. */
export const GRAPHNET = (() => {
	const row =
		(...ones: number[]) =>
		(_: unknown, column: number) =>
			Number(ones.includes(column));
	const adj = [[], [2], [3], ...Array(6).fill([])].map((ones) => Array.from({ length: 9 }, row(...ones)));
	const ops = [[11], [9], [0, 12], [10], ...Array(5).fill([])].map((ones) =>
		Array.from({ length: 15 }, row(...ones)),
	);
	const sizes = { channels: [16], strides: [1], repeats: [1], stem_stride: 1, final_concat: 64 };
	return { archs: [{ set: "a", index: 0, num_classes: 10, input: 32, ...sizes, adj: [adj], ops: [ops] }] };
})();

/** `config.json` of a small GPT-Neo. */
export const GPT_NEO = {
	model_type: "gpt_neo",
	vocab_size: 10,
	hidden_size: 4,
	num_layers: 1,
	num_heads: 2,
	max_position_embeddings: 8,
	attention_types: [[["global"], 1]],
	window_size: 4,
	intermediate_size: 8,
};
