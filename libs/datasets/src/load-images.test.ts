import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { ArchgenError } from "@archgen/errors";
import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadImages } from "./load-images.js";
import { encodeNpy, type NpyArray } from "./npy.js";
import { syntheticBatch } from "./synthetic.js";

let folder: string;
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-datasets-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, bytes: Uint8Array): string {
	writeFileSync(join(folder, name), bytes);
	return join(folder, name);
}

/** `count` CIFAR records whose pixels are all the record's index. */
function cifar(count: number, labelBytes: 1 | 2): Buffer {
	const record = labelBytes + 3072;
	const file = Buffer.alloc(count * record);
	for (let i = 0; i < count; i++) {
		file.fill(i, i * record, (i + 1) * record);
		file[i * record + labelBytes - 1] = i % 10;
	}
	return file;
}

const pixels = (count: number) => Float32Array.from({ length: count * 12 }, (_, i) => i / 10);
const npyImages = (count: number, data = pixels(count)) =>
	encodeNpy({ dtype: "float32", shape: [count, 3, 2, 2], data });
const npyLabels = (...labels: number[]) =>
	encodeNpy({ dtype: "int64", shape: [labels.length], data: BigInt64Array.from(labels, BigInt) });
/** Two labels an image. */
const npyPairs = (...labels: number[]) =>
	encodeNpy({ dtype: "int64", shape: [labels.length / 2, 2], data: BigInt64Array.from(labels, BigInt) });

const failure = (reason: string, field: string) =>
	expect.objectContaining({ reason, violations: [expect.objectContaining({ field })] });

describe("CIFAR binaries", () => {
	it("takes the selected records, normalised per channel", async () => {
		const batch = await loadImages(write("a.bin", cifar(5, 1)), { batch: 2, size: 32, offset: 3 });
		expect(batch.shape).toEqual([2, 3, 32, 32]);
		expect([...batch.labels]).toEqual([3n, 4n]);
		expect(batch.classes).toBe(10);
		expect(batch.images[0]).toBeCloseTo((3 / 255 - 0.4914) / 0.247, 6);
		expect(batch.images[3072 + 2048]).toBeCloseTo((4 / 255 - 0.4465) / 0.2616, 6);
	});

	it("takes the fine label of CIFAR-100", async () => {
		const batch = await loadImages(write("b.bin", cifar(3, 2)), { batch: 3, size: 32 });
		expect([[...batch.labels], batch.classes]).toEqual([[0n, 1n, 2n], 100]);
	});

	it.each([
		["a truncated file", cifar(2, 1).subarray(1), { batch: 1, size: 32 }, "TRUNCATED_FILE", "images"],
		["an empty file", Buffer.alloc(0), { batch: 1, size: 32 }, "TRUNCATED_FILE", "images"],
		["another size", cifar(2, 1), { batch: 1, size: 64 }, "IMAGE_SIZE_MISMATCH", "size"],
		["too many images", cifar(2, 1), { batch: 3, size: 32 }, "TOO_FEW_IMAGES", "batch"],
		["an offset past the end", cifar(2, 1), { batch: 1, size: 32, offset: 2 }, "TOO_FEW_IMAGES", "offset"],
		["a label out of range", cifar(5, 1), { batch: 5, size: 32, classes: 4 }, "LABEL_OUT_OF_RANGE", "labels"],
		["a batch of zero", cifar(2, 1), { batch: 0, size: 32 }, "INVALID_FIELD", "batch"],
		["a NaN size", cifar(2, 1), { batch: 1, size: Number.NaN }, "INVALID_FIELD", "size"],
	])("refuses %s", async (_, file, selection, reason, field) => {
		await expect(loadImages(write("bad.bin", file), selection)).rejects.toThrow(failure(reason, field));
	});

	const real = resolve(
		process.env.ARCHGEN_DATA ?? resolve(import.meta.dirname, "../../../../shared/data"),
		"cifar10/cifar10_train_first256.bin",
	);
	it.runIf(existsSync(real))("reads real images", async () => {
		const batch = await loadImages(real, { batch: 256, size: 32 });
		expect([...batch.labels.subarray(0, 5)]).toEqual([6n, 9n, 9n, 4n, 1n]); // frog, truck, truck, deer, car
		const mean = batch.images.reduce((sum, value) => sum + value, 0) / batch.images.length;
		expect(Math.abs(mean)).toBeLessThan(0.1);
	});
});

describe("NumPy files", () => {
	it("takes .npy images with the labels beside them", async () => {
		write("own.labels.npy", npyLabels(4, 0, 2));
		const batch = await loadImages(write("own.npy", npyImages(3)), { batch: 1, size: 2, offset: 2 });
		expect([batch.classes, [...batch.labels], [...batch.images]]).toEqual([
			5,
			[2n],
			[...pixels(3).subarray(24)],
		]);
	});

	it("reads the same batch from .npz, stored or deflated", async () => {
		write("labels.npy", npyLabels(1, 0));
		const plain = await loadImages(write("same.npy", npyImages(2)), { batch: 2, size: 2 });
		for (const level of [0, 9] as const) {
			const zip = zipSync({ "images.npy": npyImages(2), "labels.npy": npyLabels(1, 0) }, { level });
			expect(await loadImages(write("same.npz", zip), { batch: 2, size: 2 })).toEqual(plain);
		}
	});

	it("normalises bytes and leaves floats alone", async () => {
		const bytes = encodeNpy({ dtype: "uint8", shape: [1, 3, 2, 2], data: new Uint8Array(12).fill(255) });
		const zip = zipSync({ "x.npy": bytes, "y.npy": npyLabels(0) });
		const batch = await loadImages(write("bytes.npz", zip), { batch: 1, size: 2, classes: 10 });
		expect(batch.images[0]).toBeCloseTo((1 - 0.4914) / 0.247, 6);
	});

	it("reads images with channels last, named and labelled as Keras does, as the same batch", async () => {
		const channelsFirst = Uint8Array.from({ length: 24 }, (_, i) => i * 10);
		// image, row and column of element i of [2, 2, 2, 3] come before its channel
		const channelsLast = channelsFirst.map(
			(_, i) => channelsFirst[12 * Math.floor(i / 12) + 4 * (i % 3) + Math.floor((i % 12) / 3)]!,
		);
		const labels = encodeNpy({ dtype: "int64", shape: [2, 1], data: BigInt64Array.of(1n, 0n) });
		for (const [dtype, as] of [
			["uint8", (bytes: Uint8Array) => bytes],
			["float32", (bytes: Uint8Array) => Float32Array.from(bytes, (value) => value / 255)],
		] as const) {
			const file = (shape: number[], bytes: Uint8Array) =>
				encodeNpy({ dtype, shape, data: as(bytes) } as NpyArray);
			const first = { "x.npy": file([2, 3, 2, 2], channelsFirst), "y.npy": npyLabels(1, 0) };
			const last = { "x_train.npy": file([2, 2, 2, 3], channelsLast), "y_train.npy": labels };
			const selection = { batch: 2, size: 2 };
			const expected = await loadImages(write("first.npz", zipSync(first)), selection);
			expect(await loadImages(write("last.npz", zipSync(last)), selection)).toEqual(expected);
		}
	});

	it("refuses an archive whose bytes do not have the checksum in it, stored or deflated", async () => {
		const labels = npyLabels(1, 0);
		for (const level of [0, 9] as const) {
			const zip = Buffer.from(zipSync({ "images.npy": npyImages(2), "labels.npy": labels }, { level }));
			// CRC-32 of the first member, in its local header and in the directory
			const directory = zip.indexOf(Buffer.from("504b0102", "hex"));
			for (const at of [14, directory + 16]) zip[at]! ^= 1;
			await expect(loadImages(write("crc.npz", zip), { batch: 2, size: 2 })).rejects.toThrow(
				failure("CHECKSUM_MISMATCH", "images"),
			);
		}
		const flipped = Buffer.from(zipSync({ "images.npy": npyImages(2), "labels.npy": labels }, { level: 0 }));
		flipped[200]! ^= 0x40;
		await expect(loadImages(write("flip.npz", flipped), { batch: 2, size: 2 })).rejects.toThrow(
			failure("CHECKSUM_MISMATCH", "images"),
		);
	});

	it("refuses an encrypted archive and one that holds an array twice", async () => {
		const zip = Buffer.from(zipSync({ "images.npy": npyImages(1), "labels.npy": npyLabels(0) }));
		const directory = zip.indexOf(Buffer.from("504b0102", "hex"));
		for (const at of [6, directory + 8]) zip[at]! |= 1;
		await expect(loadImages(write("locked.npz", zip), { batch: 1, size: 2 })).rejects.toThrow(
			failure("NPZ_UNSUPPORTED", "images"),
		);
		const twice = zipSync({ "images.npy": npyImages(1), images: npyImages(1), "labels.npy": npyLabels(0) });
		await expect(loadImages(write("twice.npz", twice), { batch: 1, size: 2 })).rejects.toThrow(
			failure("NPZ_UNSUPPORTED", "images"),
		);
	});

	it("gives images or names what is wrong, whatever byte of an archive is damaged", async () => {
		const zip = Buffer.from(zipSync({ "images.npy": npyImages(1), "labels.npy": npyLabels(0) }));
		const selection = { batch: 1, size: 2 };
		const whole = await loadImages(write("fuzz.npz", zip), selection);
		await fc.assert(
			fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
				const bytes = Buffer.from(zip);
				bytes[at]! ^= change;
				const batch = await loadImages(write("fuzz.npz", bytes), selection).catch((error: unknown) => {
					expect(error).toBeInstanceOf(ArchgenError);
				});
				// dates and flags may be damaged, pixels may not
				if (batch) expect(batch.identity).toBe(whole.identity);
			}),
			{ numRuns: 200 },
		);
	});

	it("reads half precision, column-major and big-endian images as the same batch", async () => {
		write("labels.npy", npyLabels(1, 0));
		const values = Array.from({ length: 24 }, (_, i) => i / 8 - 1);
		const plain = await loadImages(write("plain.npy", npyImages(2, Float32Array.from(values))), {
			batch: 2,
			size: 2,
		});
		const file = Buffer.from(npyImages(2, Float32Array.from(values)));
		file.subarray(-96).swap32();
		const swapped = Buffer.from(file.toString("latin1").replace("<f4", ">f4"), "latin1");
		expect(await loadImages(write("swapped.npy", swapped), { batch: 2, size: 2 })).toEqual(plain);
	});

	it("says which range floats have that were never normalised", async () => {
		write("labels.npy", npyLabels(0, 1));
		const load = async (data: Float32Array<ArrayBuffer>) =>
			(await loadImages(write("range.npy", npyImages(2, data)), { batch: 2, size: 2 })).warnings;
		const bytes = Float32Array.from({ length: 24 }, (_, i) => i * 11);
		expect(await load(bytes)).toEqual([expect.stringMatching(/from 0 to 253 .*uint8/)]);
		expect(await load(bytes.map((value) => value / 255))).toBeUndefined();
		expect(await load(bytes.map((value) => value / 32 - 3))).toBeUndefined();
	});

	it("resizes when it is told to, and says so", async () => {
		write("labels.npy", npyLabels(0, 1));
		const data = Float32Array.from({ length: 24 }, (_, i) => (i % 4 < 2 ? 0 : 1));
		const path = write("resize.npy", npyImages(2, data));
		await expect(loadImages(path, { batch: 2, size: 4 })).rejects.toThrow(
			failure("IMAGE_SIZE_MISMATCH", "size"),
		);
		const batch = await loadImages(path, { batch: 2, size: 4, resize: true });
		expect(batch.shape).toEqual([2, 3, 4, 4]);
		expect([...batch.images.subarray(0, 16)]).toEqual([0, 0.25, 0.75, 1].flatMap((v) => [v, v, v, v]));
		expect(batch.warnings).toEqual([expect.stringContaining("2x2")]);
	});

	const damaged = pixels(2).map((value, i) => (i === 13 ? Number.NaN : value));
	it.each([
		["NaN", npyImages(2, damaged), npyLabels(0, 1), "NON_FINITE_VALUE", "images"],
		["a missing label", npyImages(2), npyLabels(0), "LABEL_COUNT_MISMATCH", "labels"],
		["a negative label", npyImages(2), npyLabels(0, -1), "LABEL_OUT_OF_RANGE", "labels"],
		["two labels an image", npyImages(2), npyPairs(0, 1, 2, 0), "LABEL_COUNT_MISMATCH", "labels"],
		["truncated labels", npyImages(2), npyLabels(0, 1).subarray(0, -1), "TRUNCATED_FILE", "labels"],
		["a wrong shape", npyLabels(0, 1), npyLabels(0, 1), "IMAGE_SHAPE", "images"],
	])("refuses %s", async (_, images, labels, reason, field) => {
		const zip = zipSync({ "images.npy": images, "labels.npy": labels });
		await expect(loadImages(write("bad.npz", zip), { batch: 2, size: 2 })).rejects.toThrow(
			failure(reason, field),
		);
	});

	it("refuses a damaged archive, one without labels, and missing labels beside .npy", async () => {
		const selection = { batch: 1, size: 2 };
		const zip = zipSync({ "images.npy": npyImages(1) });
		await expect(loadImages(write("cut.npz", zip.subarray(0, -5)), selection)).rejects.toThrow(
			failure("TRUNCATED_FILE", "images"),
		);
		await expect(loadImages(write("no.npz", zip), selection)).rejects.toThrow(
			failure("ARRAY_NOT_FOUND", "labels"),
		);
		rmSync(join(folder, "labels.npy"), { force: true });
		await expect(loadImages(write("alone.npy", npyImages(1)), selection)).rejects.toThrow(
			failure("FILE_NOT_FOUND", "labels"),
		);
	});
});

describe("sources", () => {
	it("names missing files, folders and unknown formats", async () => {
		const selection = { batch: 1, size: 32 };
		for (const missing of ["none.bin", "none", "none.tar"])
			await expect(loadImages(join(folder, missing), selection)).rejects.toThrow(
				failure("FILE_NOT_FOUND", "images"),
			);
		mkdirSync(join(folder, "folder.bin"));
		await expect(loadImages(join(folder, "folder.bin"), selection)).rejects.toThrow(
			failure("FILE_UNREADABLE", "images"),
		);
		await expect(loadImages(write("x.tar", Buffer.alloc(9)), selection)).rejects.toThrow(
			failure("UNSUPPORTED_FORMAT", "images"),
		);
	});

	it("draws the same synthetic batch from the same stream and another from another", () => {
		const draw = (seed: number) => syntheticBatch(createRandom(seed), { batch: 4, size: 8, classes: 3 });
		expect(draw(1)).toEqual(draw(1));
		expect(draw(1).identity).not.toBe(draw(2).identity);
		expect([...draw(1).labels].every((label) => label >= 0n && label < 3n)).toBe(true);
	});

	it("gives equal identities to equal selections only", async () => {
		const path = write("id.bin", cifar(4, 1));
		const [a, b, c] = await Promise.all(
			[0, 0, 1].map((offset) => loadImages(path, { batch: 2, size: 32, offset })),
		);
		expect(a!.identity).toBe(b!.identity);
		expect(a!.identity).not.toBe(c!.identity);
	});
});
