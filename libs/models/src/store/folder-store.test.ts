import {
	mkdirSync,
	mkdtempSync,
	readdirSync,
	readFileSync,
	rmSync,
	statSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { FolderModelStore } from "./folder-store.js";
import { describeModelStore } from "./model-store.suite.js";
import { writing } from "./write-bundle.js";

const created: string[] = [];
const temporaryFolder = () => {
	created.push(mkdtempSync(join(tmpdir(), "archgen-store-")));
	return created.at(-1)!;
};
afterAll(() => {
	for (const folder of created) rmSync(folder, { recursive: true });
});

describeModelStore("folder store", async () => new FolderModelStore(temporaryFolder()));

const WEIGHTS = Buffer.from("0123456789abcdef");

async function stored(maxBytes = 2 ** 30) {
	const root = temporaryFolder();
	const store = new FolderModelStore(root, { maxBytes, maxManifestBytes: 4096 });
	const draft = { name: "gvae", version: "1", trainedOn: {}, metrics: {} };
	await store.put(draft, [{ path: "onnx/encoder.onnx", bytes: WEIGHTS }]);
	const folder = join(root, "gvae", "1");
	return { root, folder, store, open: () => store.open("gvae", { version: "1" }) };
}

type Stored = Awaited<ReturnType<typeof stored>>;
function editManifest({ folder }: Stored, change: (manifest: Record<string, unknown>) => void): void {
	// Without its own checksum, as if somebody had written it by hand.
	const { sha256: _, ...manifest } = JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"));
	change(manifest);
	writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
}

it("keeps labels apart from those of a release, and lets them go first", async () => {
	const { root, store } = await stored();
	await store.put({ name: "gvae", version: "2", trainedOn: {}, metrics: {} }, [
		{ path: "x", bytes: WEIGHTS },
	]);
	const shipped = join(root, "gvae", "shipped-labels.json");
	writeFileSync(shipped, '{"default":"1","old":"1"}');
	expect(await store.labelled("gvae", "default")).toBe("1");
	await store.label("gvae", "default", "2");
	expect(await store.labelled("gvae", "default")).toBe("2");
	expect(await store.labelled("gvae", "old")).toBe("1");
	expect(readFileSync(shipped, "utf8")).toBe('{"default":"1","old":"1"}');
	expect(JSON.parse(readFileSync(join(root, "gvae", "labels.json"), "utf8"))).toEqual({ default: "2" });
});

describe("damage", () => {
	it("refuses every flipped bit of a file, by name", async () => {
		const at = await stored();
		await fc.assert(
			fc.asyncProperty(fc.nat(WEIGHTS.length - 1), fc.nat(7), async (position, bit) => {
				const damaged = Buffer.from(WEIGHTS);
				damaged[position]! ^= 1 << bit;
				writeFileSync(join(at.folder, "onnx/encoder.onnx"), damaged);
				await expect(at.open()).rejects.toMatchObject({
					reason: "BUNDLE_CHECKSUM_MISMATCH",
					metadata: { file: "onnx/encoder.onnx" },
				});
			}),
			{ numRuns: 30 },
		);
	});

	it("verifies again what is read after opening", async () => {
		const at = await stored();
		const bundle = await at.open();
		writeFileSync(bundle.locate("onnx/encoder.onnx"), "0123456789abcdeF");
		await expect(bundle.read("onnx/encoder.onnx")).rejects.toMatchObject({
			reason: "BUNDLE_CHECKSUM_MISMATCH",
		});
	});

	it("refuses a manifest with one figure changed, by its own checksum", async () => {
		const at = await stored();
		const path = join(at.folder, "manifest.json");
		expect((await at.open()).manifest).not.toHaveProperty("sha256");
		const manifest = JSON.parse(readFileSync(path, "utf8"));
		writeFileSync(path, JSON.stringify({ ...manifest, metrics: { loss: 0.1 } }));
		await expect(at.open()).rejects.toMatchObject({ reason: "BUNDLE_MANIFEST_INVALID" });
	});

	it("can be read by other users, whatever the umask and the modes of the sources", async () => {
		const { folder } = await stored();
		for (const path of ["", "manifest.json", "onnx", "onnx/encoder.onnx"]) {
			expect(statSync(join(folder, path)).mode & 0o044, path).toBe(0o044);
		}
	});

	it("says of a store that cannot be written which folder it is and what to do", async () => {
		for (const [code, word] of [
			["EROFS", "read-only"],
			["ENOSPC", "full disk"],
			["EACCES", "owner"],
		] as const) {
			const fail = () => Promise.reject(Object.assign(new Error(code), { code }));
			await expect(writing("/models", fail)).rejects.toMatchObject({
				category: "FAILED_PRECONDITION",
				reason: "MODEL_STORE_NOT_WRITABLE",
				message: expect.stringMatching(new RegExp(`/models.*${word}`)),
			});
		}
	});

	const damages: [string, string, (at: Stored) => void][] = [
		[
			"a truncated file",
			"BUNDLE_SIZE_MISMATCH",
			(at) => writeFileSync(join(at.folder, "onnx/encoder.onnx"), "0"),
		],
		["a missing file", "BUNDLE_FILE_MISSING", (at) => rmSync(join(at.folder, "onnx/encoder.onnx"))],
		[
			"an unlisted file",
			"BUNDLE_UNLISTED_FILE",
			(at) => writeFileSync(join(at.folder, "tokenizer.json"), "{}"),
		],
		["no manifest", "BUNDLE_NOT_FOUND", (at) => rmSync(join(at.folder, "manifest.json"))],
		[
			"a cut manifest",
			"BUNDLE_MANIFEST_INVALID",
			(at) => writeFileSync(join(at.folder, "manifest.json"), "{"),
		],
		[
			"a huge manifest",
			"BUNDLE_TOO_LARGE",
			(at) => editManifest(at, (m) => (m.trainedOn = { x: "y".repeat(5000) })),
		],
		["an unknown key", "BUNDLE_MANIFEST_INVALID", (at) => editManifest(at, (m) => (m.extra = 1))],
		["a newer format", "BUNDLE_FORMAT_UNSUPPORTED", (at) => editManifest(at, (m) => (m.formatVersion = 3))],
		["another model's bundle", "BUNDLE_NAME_MISMATCH", (at) => editManifest(at, (m) => (m.name = "ccnf"))],
		[
			"a path that escapes",
			"BUNDLE_MANIFEST_INVALID",
			(at) => editManifest(at, (m) => ((m.files as { path: string }[])[0]!.path = "../../../etc/passwd")),
		],
		[
			"a linked file",
			"BUNDLE_SYMLINK",
			(at) => {
				rmSync(join(at.folder, "onnx/encoder.onnx"));
				writeFileSync(join(at.root, "outside"), WEIGHTS);
				symlinkSync(join(at.root, "outside"), join(at.folder, "onnx/encoder.onnx"));
			},
		],
		[
			"a linked folder",
			"BUNDLE_SYMLINK",
			(at) => {
				rmSync(join(at.folder, "onnx"), { recursive: true });
				mkdirSync(join(at.root, "elsewhere"));
				writeFileSync(join(at.root, "elsewhere/encoder.onnx"), WEIGHTS);
				symlinkSync(join(at.root, "elsewhere"), join(at.folder, "onnx"));
			},
		],
		[
			"a linked manifest",
			"BUNDLE_SYMLINK",
			(at) => {
				writeFileSync(join(at.root, "m"), readFileSync(join(at.folder, "manifest.json")));
				rmSync(join(at.folder, "manifest.json"));
				symlinkSync(join(at.root, "m"), join(at.folder, "manifest.json"));
			},
		],
	];
	it.each(damages)("refuses %s", async (_, reason, damage) => {
		const at = await stored();
		await at.open();
		damage(at);
		await expect(at.open()).rejects.toMatchObject({ reason });
	});

	it("refuses a bundle over the size limit before reading it", async () => {
		await expect((await stored(15)).open()).rejects.toMatchObject({ reason: "BUNDLE_TOO_LARGE" });
	});

	it("does not follow a version folder that is a link", async () => {
		const at = await stored();
		symlinkSync(at.folder, join(at.root, "gvae", "2"));
		await expect(at.store.open("gvae", { version: "2" })).rejects.toMatchObject({
			reason: "MODEL_NOT_FOUND",
		});
	});
});

describe("writing", () => {
	it("leaves no temporary folder, whether it succeeds or fails", async () => {
		const at = await stored();
		const draft = { name: "gvae", version: "2", trainedOn: {}, metrics: {} };
		await expect(at.store.put(draft, [{ path: "a", from: join(at.root, "nowhere") }])).rejects.toThrow(
			"ENOENT",
		);
		await at.store.put(draft, [{ path: "a", from: join(at.folder, "onnx/encoder.onnx") }]);
		expect(readdirSync(join(at.root, "gvae")).sort()).toEqual(["1", "2"]);
	});

	it("lets exactly one of two concurrent writers win", async () => {
		const store = new FolderModelStore(temporaryFolder());
		const put = (text: string) =>
			store.put({ name: "m", version: "1", trainedOn: {}, metrics: {} }, [
				{ path: "a", bytes: Buffer.from(text) },
			]);
		const outcomes = await Promise.allSettled(["x", "y", "z"].map(put));
		expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
		await store.open("m", { version: "1" });
	});
});
