import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import sharp from "sharp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadImages } from "./load-images.js";

let folder: string;
beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-pictures-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const red = (value: number) => (value / 255 - 0.4914) / 0.247;

/** A picture whose red is `value` everywhere and whose blue is its column. */
async function picture(name: string, value: number, { size = 8, format = "png" as "png" | "jpeg" } = {}) {
	const data = Buffer.from(Array.from({ length: size * size }, (_, i) => [value, 0, i % size]).flat());
	const raw = { raw: { width: size, height: size, channels: 3 } } as const;
	const bytes = await sharp(data, raw).toFormat(format, { quality: 100 }).toBuffer();
	mkdirSync(join(folder, name, ".."), { recursive: true });
	writeFileSync(join(folder, name), bytes);
	return bytes;
}

const failure = (reason: string, field: string) =>
	expect.objectContaining({ reason, violations: [expect.objectContaining({ field })] });

describe("a folder of pictures", () => {
	it("takes sub-folders as classes, one picture of each in turn", async () => {
		await picture("cat/1.png", 10);
		await picture("cat/2.png", 30);
		await picture("dog/1.PNG", 20);
		await picture("empty/readme.txt", 99);
		const batch = await loadImages(folder, { batch: 3, size: 8 });
		expect([[...batch.labels], batch.classes, batch.shape]).toEqual([[0n, 1n, 0n], 2, [3, 3, 8, 8]]);
		[10, 20, 30].forEach((value, i) => {
			expect(batch.images[i * 192]).toBeCloseTo(red(value), 6);
		});
		// the third plane is blue, row by row
		expect(batch.images[128 + 5]).toBeCloseTo((5 / 255 - 0.4465) / 0.2616, 6);
		const rest = await loadImages(folder, { batch: 2, size: 8, offset: 1 });
		expect([...rest.labels]).toEqual([1n, 0n]);
	});

	it("reads a photograph of 25 megapixels, and refuses one that would fill the memory", async () => {
		const black = (side: number) =>
			sharp({ create: { width: side, height: side, channels: 3, background: "black" } })
				.png()
				.toBuffer();
		writeFileSync(join(folder, "1.png"), await black(5000));
		const { images } = await loadImages(folder, { batch: 1, size: 8, resize: true });
		expect(images[0]).toBeCloseTo(red(0), 5);
		writeFileSync(join(folder, "1.png"), await black(8200));
		await expect(loadImages(folder, { batch: 1, size: 8, resize: true })).rejects.toEqual(
			failure("PICTURE_TOO_LARGE", "images"),
		);
	});

	it("gives pictures without classes labels that go round", async () => {
		for (const i of [0, 1, 2]) await picture(`${i}.png`, i);
		const batch = await loadImages(folder, { batch: 3, size: 8, classes: 2 });
		expect([[...batch.labels], batch.classes]).toEqual([[0n, 1n, 0n], 2]);
	});

	it("decodes JPEG, grey and transparent pictures", async () => {
		await picture("a.jpeg", 200, { format: "jpeg" });
		const grey = sharp({ create: { width: 8, height: 8, channels: 3, background: "#808080" } });
		writeFileSync(join(folder, "b.png"), await grey.clone().greyscale().png().toBuffer());
		writeFileSync(join(folder, "c.png"), await grey.clone().ensureAlpha(0.5).png().toBuffer());
		const { images } = await loadImages(folder, { batch: 3, size: 8 });
		expect(Math.abs(images[0]! - red(200))).toBeLessThan(0.1);
		for (const i of [1, 2]) expect(images[i * 192]).toBeCloseTo(red(128), 6);
	});

	it("names what is wrong", async () => {
		const whole = await picture("a.png", 1);
		const load = (selection: object) => loadImages(folder, { batch: 1, size: 8, ...selection });
		await expect(load({ batch: 2 })).rejects.toThrow(failure("TOO_FEW_IMAGES", "batch"));
		await expect(load({ size: 16 })).rejects.toThrow(failure("IMAGE_SIZE_MISMATCH", "size"));
		await expect(load({ size: 16 })).rejects.toThrow(/a\.png.*8x8/);
		writeFileSync(join(folder, "a.png"), whole.subarray(0, -20));
		await expect(load({})).rejects.toThrow(failure("TRUNCATED_FILE", "images"));
		writeFileSync(join(folder, "a.png"), "no picture");
		await expect(load({})).rejects.toThrow(failure("TRUNCATED_FILE", "images"));
		rmSync(join(folder, "a.png"));
		await expect(load({})).rejects.toThrow(failure("TOO_FEW_IMAGES", "batch"));
	});

	it("takes linked class folders and linked pictures for what they lead to", async () => {
		await picture("elsewhere/cat/1.png", 10);
		await picture("elsewhere/x.png", 20);
		await picture("images/emu/1.png", 30);
		mkdirSync(join(folder, "images/dog"));
		symlinkSync(join(folder, "elsewhere/cat"), join(folder, "images/cat"));
		symlinkSync(join(folder, "elsewhere/x.png"), join(folder, "images/dog/1.png"));
		const batch = await loadImages(join(folder, "images"), { batch: 3, size: 8 });
		expect([[...batch.labels], batch.classes]).toEqual([[0n, 1n, 2n], 3]);
		expect(batch.images[192]).toBeCloseTo(red(20), 6);
		symlinkSync(join(folder, "gone"), join(folder, "images/fox"));
		await expect(loadImages(join(folder, "images"), { batch: 3, size: 8 })).rejects.toThrow(
			/fox is a link to nothing/,
		);
	});

	it("refuses links that were checked out as text files", async () => {
		await picture("elsewhere/cat/1.png", 10);
		await picture("images/dog/1.png", 10);
		writeFileSync(join(folder, "images/notes"), "taken in May");
		await loadImages(join(folder, "images"), { batch: 1, size: 8 });
		writeFileSync(join(folder, "images/cat"), "../elsewhere/cat");
		await expect(loadImages(join(folder, "images"), { batch: 1, size: 8 })).rejects.toThrow(
			/images\/cat is a link/,
		);
	});

	it("passes over hidden folders and files", async () => {
		await picture(".ipynb_checkpoints/1-checkpoint.png", 5);
		await picture("cat/1.png", 10);
		await picture("dog/1.png", 20);
		writeFileSync(join(folder, "cat/._1.png"), "resource fork");
		const batch = await loadImages(folder, { batch: 2, size: 8 });
		expect([[...batch.labels], batch.classes]).toEqual([[0n, 1n], 2]);
	});

	it("names an empty picture", async () => {
		await picture("cat/1.png", 10);
		writeFileSync(join(folder, "cat/0.png"), "");
		await expect(loadImages(folder, { batch: 2, size: 8 })).rejects.toThrow(/cat\/0\.png is empty/);
		await expect(loadImages(folder, { batch: 2, size: 8 })).rejects.toThrow(
			failure("TRUNCATED_FILE", "images"),
		);
	});

	it("names the splits of a folder of splits, and takes pictures further down in a class", async () => {
		await picture("train/cat/1.png", 10);
		await picture("val/cat/1.png", 10);
		const load = () => loadImages(folder, { batch: 1, size: 8 });
		await expect(load()).rejects.toThrow(failure("PICTURES_TOO_DEEP", "images"));
		await expect(load()).rejects.toThrow(/give one of them, e\.g\. .*train$/);
		await picture("train/0.png", 40);
		await picture("val/0.png", 50);
		const batch = await loadImages(folder, { batch: 4, size: 8 });
		expect([...batch.labels]).toEqual([0n, 1n, 0n, 1n]);
	});

	it("ends in a folder that is linked into itself", async () => {
		await picture("cat/1.png", 10);
		symlinkSync(folder, join(folder, "cat/loop"));
		const batch = await loadImages(folder, { batch: 1, size: 8 });
		expect([...batch.labels]).toEqual([0n]);
	});

	it("refuses pictures of a format that is not read, and says which lie beside the classes", async () => {
		await picture("cat/1.png", 10);
		await picture("stray.png", 10);
		const { warnings } = await loadImages(folder, { batch: 1, size: 8 });
		expect(warnings).toEqual([expect.stringContaining("stray.png")]);
		writeFileSync(join(folder, "cat/2.bmp"), "BM");
		await expect(loadImages(folder, { batch: 1, size: 8 })).rejects.toThrow(
			failure("UNSUPPORTED_FORMAT", "images"),
		);
	});

	it("crops and resizes when it is told to", async () => {
		await picture("a.png", 100, { size: 16 });
		const batch = await loadImages(folder, { batch: 1, size: 8, resize: true });
		expect(batch.shape).toEqual([1, 3, 8, 8]);
		expect(batch.images[0]).toBeCloseTo(red(100), 5);
		// blue is the column: two columns become their mean, up to the triangle's tails
		expect(batch.images[128 + 3]).toBeCloseTo((6.5 / 255 - 0.4465) / 0.2616, 5);
	});
});
