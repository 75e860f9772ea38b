import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createRandom } from "@archgen/random";
import { zipSync } from "fflate";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadImages } from "./load-images.js";
import { encodeNpy } from "./npy.js";
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

	const damaged = pixels(2).map((value, i) => (i === 13 ? Number.NaN : value));
	it.each([
		["NaN", npyImages(2, damaged), npyLabels(0, 1), "NON_FINITE_VALUE", "images"],
		["a missing label", npyImages(2), npyLabels(0), "LABEL_COUNT_MISMATCH", "labels"],
		["a negative label", npyImages(2), npyLabels(0, -1), "LABEL_OUT_OF_RANGE", "labels"],
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
		await expect(loadImages(join(folder, "none.bin"), selection)).rejects.toThrow(
			failure("FILE_NOT_FOUND", "images"),
		);
		mkdirSync(join(folder, "folder.bin"));
		await expect(loadImages(join(folder, "folder.bin"), selection)).rejects.toThrow(
			failure("FILE_UNREADABLE", "images"),
		);
		await expect(loadImages("x.tar", selection)).rejects.toThrow(failure("UNSUPPORTED_FORMAT", "images"));
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
