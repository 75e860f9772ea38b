import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FolderModelStore } from "../store/folder-store.js";
import { storedModel } from "./stored-model.js";

let root = "";
beforeAll(async () => {
	root = await mkdtemp(join(tmpdir(), "archgen-bundle-"));
});
afterAll(() => rm(root, { recursive: true }));

test("the default label decides what is served, and a damaged version is refused by name", async () => {
	const store = new FolderModelStore(root);
	const problems: string[] = [];
	const model = storedModel(store, "default", {
		load: async (bundle) => new TextDecoder().decode(await bundle.read("model.txt")),
		release: async () => {},
		onChange: (change) => "error" in change && problems.push(change.error.message),
	});
	await model.refresh();
	await expect(model.use("", async (text) => text)).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_NOT_FOUND",
	});
	for (const version of ["1", "2"]) {
		const content = { path: "model.txt", bytes: new TextEncoder().encode(`text ${version}`) };
		await store.put({ name: "default", version, trainedOn: {}, metrics: {} }, [content]);
	}
	await store.label("default", "default", "1");
	await model.refresh();
	expect(await model.use("", async (text, { version }) => [text, version])).toEqual(["text 1", "1"]);
	await writeFile(join(root, "default", "2", "model.txt"), "text X");
	await store.label("default", "default", "2");
	await model.refresh();
	expect(await model.use("", async (text) => text)).toBe("text 1");
	expect(problems.at(-1)).toContain(join("default", "2"));
});
