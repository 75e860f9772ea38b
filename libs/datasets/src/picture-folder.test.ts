import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
});
