import { describe, expect, it } from "vitest";
import type { BundleDraft, ModelStore } from "./model-store.js";

const bytes = (text: string) => new TextEncoder().encode(text);
const draft = (version: string, name = "seqgen"): BundleDraft => ({
	name,
	version,
	trainedOn: { histories: ["a.jsonl"], seed: 3 },
	metrics: { loss: 0.25 },
});
const contents = [
	{ path: "config.json", bytes: bytes("{}") },
	{ path: "onnx/model.onnx", bytes: bytes("weights") },
];
const reason = (reason: string) => expect.objectContaining({ reason });

/** What every model store does; `create` makes an empty one. */
export function describeModelStore(kind: string, create: () => Promise<ModelStore>): void {
	describe(kind, () => {
		it("gives back exactly what was put", async () => {
			const store = await create();
			const manifest = await store.put(draft("1.0"), contents);
			expect(manifest).toMatchObject({ ...draft("1.0"), formatVersion: 2, generators: [] });
			const bundle = await store.open("seqgen", { version: "1.0" });
			expect(bundle.manifest).toEqual(manifest);
			expect(await bundle.read("onnx/model.onnx")).toEqual(Buffer.from("weights"));
			expect(bundle.manifest.files.map(({ path, bytes }) => [path, bytes])).toEqual([
				["config.json", 2],
				["onnx/model.onnx", 7],
			]);
			expect(() => bundle.locate("../secret")).toThrow(reason("BUNDLE_FILE_MISSING"));
		});

		it("never changes a version", async () => {
			const store = await create();
			await store.put(draft("1"), contents);
			const other = [{ path: "config.json", bytes: bytes("other") }];
			await expect(store.put(draft("1"), other)).rejects.toThrow(reason("VERSION_EXISTS"));
			expect(await (await store.open("seqgen", { version: "1" })).read("config.json")).toEqual(
				Buffer.from("{}"),
			);
		});

		it("adds what was measured later to a version's metrics, and changes nothing else", async () => {
			const store = await create();
			const { metrics, ...rest } = await store.put(draft("1"), contents);
			await store.record("seqgen", "1", "table1", { ccnf: 2, targets: 3 });
			await store.record("seqgen", "1", "table10", { ccnf: 4 });
			await store.record("seqgen", "1", "table1", { ccnf: 1.5 });
			const { manifest } = await store.open("seqgen", { version: "1" });
			const added = { "table1.ccnf": 1.5, "table10.ccnf": 4 };
			expect(manifest).toEqual({ ...rest, metrics: { ...metrics, ...added } });
			await expect(store.record("seqgen", "1", "table1", { ccnf: Number.NaN })).rejects.toMatchObject({
				category: "INVALID_ARGUMENT",
				violations: [expect.objectContaining({ field: "metrics.table1.ccnf" })],
			});
			await expect(store.record("seqgen", "2", "table1", {})).rejects.toThrow(reason("MODEL_NOT_FOUND"));
			expect((await store.open("seqgen", { version: "1" })).manifest).toEqual(manifest);
		});

		it("moves labels between versions, and only to versions that exist", async () => {
			const store = await create();
			await store.put(draft("1"), contents);
			await store.put(draft("2"), contents);
			await expect(store.open("seqgen")).rejects.toThrow(reason("MODEL_NOT_FOUND"));
			await store.label("seqgen", "default", "1");
			expect((await store.open("seqgen")).manifest.version).toBe("1");
			await store.label("seqgen", "canary", "1");
			expect(await store.labelled("seqgen", "canary")).toBe("1");
			expect(await store.labelled("seqgen", "none")).toBeUndefined();
			expect(await store.labelled("others", "canary")).toBeUndefined();
			await store.label("seqgen", "default", "2");
			expect((await store.open("seqgen")).manifest.version).toBe("2");
			await expect(store.label("seqgen", "default", "3")).rejects.toThrow(reason("MODEL_NOT_FOUND"));
			expect(await store.list()).toEqual([
				{ name: "seqgen", version: "1", labels: ["canary"] },
				{ name: "seqgen", version: "2", labels: ["default"] },
			]);
		});

		it("keeps models apart and lists them in order", async () => {
			const store = await create();
			expect(await store.list()).toEqual([]);
			for (const name of ["gvae", "ccnf"]) await store.put(draft("1", name), contents);
			expect((await store.list()).map(({ name }) => name)).toEqual(["ccnf", "gvae"]);
		});

		it.each([
			"../up",
			"/abs",
			"a/../b",
			"a\\b",
			"",
			".hidden",
			"a//b",
			"manifest.json",
			"C:x",
			"nul\0",
		])("refuses the path %j and leaves nothing behind", async (path) => {
			const store = await create();
			const bad = [...contents, { path, bytes: bytes("x") }];
			await expect(store.put(draft("1"), bad)).rejects.toMatchObject({
				category: "INVALID_ARGUMENT",
				reason: "BUNDLE_MANIFEST_INVALID",
			});
			expect(await store.list()).toEqual([]);
		});

		it.each([
			"..",
			"a/b",
			"",
			"UPPER",
			"labels.json",
		])("refuses the name and the version %j", async (text) => {
			const store = await create();
			await expect(store.put(draft("1", text), contents)).rejects.toThrow(reason("INVALID_NAME"));
			await expect(store.put(draft(text), contents)).rejects.toThrow(reason("INVALID_NAME"));
			await expect(store.open(text)).rejects.toThrow(reason("INVALID_NAME"));
			await expect(store.open("seqgen", { version: text })).rejects.toThrow(reason("INVALID_NAME"));
		});

		it("writes nothing when cancelled", async () => {
			const store = await create();
			await expect(store.put(draft("1"), contents, AbortSignal.abort())).rejects.toThrow(reason("CANCELLED"));
			expect(await store.list()).toEqual([]);
		});
	});
}
