import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRandom } from "@archgen/random";
import { GptNeoGenerator, readPretrained } from "@archgen/seqgen";
import { loadTensors, readFloatTensors } from "@archgen/tensor-graph";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putSample, writeSampleStore } from "../../testing/sample-bundle.js";
import { FolderModelStore } from "../store/folder-store.js";
import { pullFromHub, pushToHub } from "./hub-folder.js";

const folders: string[] = [];
const temporaryFolder = () => {
	folders.push(mkdtempSync(join(tmpdir(), "archgen-hub-")));
	return folders.at(-1)!;
};
let sample: Awaited<ReturnType<typeof writeSampleStore>>;
beforeAll(async () => {
	sample = await writeSampleStore();
});
afterAll(async () => {
	await sample.remove();
	for (const folder of folders) rmSync(folder, { recursive: true });
});

async function pushed() {
	const bundle = await sample.store.open("default");
	const folder = temporaryFolder();
	return { bundle, folder, files: await pushToHub(bundle, folder, { license: "apache-2.0" }) };
}

describe("a bundle in a hub's folder", () => {
	it("comes back with the same manifest and checksums, as default of an empty store", async () => {
		const { bundle, folder } = await pushed();
		const store = new FolderModelStore(temporaryFolder());
		const manifest = await pullFromHub(folder, store);
		expect(manifest).toEqual(bundle.manifest);
		const again = await store.open("default");
		for (const { path } of manifest.files)
			expect(Buffer.from(await again.read(path)).equals(await bundle.read(path)), path).toBe(true);
		await expect(pullFromHub(folder, store)).rejects.toMatchObject({ reason: "VERSION_EXISTS" });
	});

	it("writes the same sequences as before", async () => {
		const { bundle, folder } = await pushed();
		const [before, after] = await Promise.all(
			[join(bundle.folder, "seqgen"), folder].map(async (place) => {
				const generator = await GptNeoGenerator.load(place);
				const condition = { classes: 10, inputSize: 32 };
				const sequences = generator.generate({
					condition,
					count: 6,
					temperature: 1,
					random: createRandom(1),
				});
				return sequences.finally(() => generator.close());
			}),
		);
		expect(after).toEqual(before);
	});

	it("has what hubs and transformers look for at its root", async () => {
		const { folder, files } = await pushed();
		for (const name of ["README.md", "config.json", "model.safetensors", "tokenizer.json", "onnx/model.onnx"])
			expect(files).toContain(name);
		expect(files.every((path) => existsSync(join(folder, path)))).toBe(true);
		const card = readFileSync(join(folder, "README.md"), "utf8");
		const [, front] = /^---\n([\s\S]*?)\n---\n/.exec(card)!;
		const facts = Object.fromEntries(
			front!.split("\n").map((line) => [line.split(": ")[0], JSON.parse(line.slice(line.indexOf(": ") + 2))]),
		);
		expect(facts).toMatchObject({ library_name: "archgen", license: "apache-2.0" });
		expect(facts["model-index"][0].results[0].metrics).toEqual([{ type: "loss", value: 1 }]);
	});

	it("has the weights of every ONNX file as safetensors, those of the sequence generator by transformers' names", async () => {
		const { folder, files } = await pushed();
		const models = files.filter((path) => path.endsWith(".onnx"));
		expect(models.length).toBeGreaterThan(3);
		for (const path of models) {
			const tensors =
				path === "onnx/model.onnx" ? "model.safetensors" : path.replace(".onnx", ".safetensors");
			const constants = readFloatTensors(readFileSync(join(folder, path)));
			for (const [name, tensor] of (await loadTensors(join(folder, tensors))).tensors)
				expect(tensor, name).toEqual(constants.get(name));
		}
		expect((await readPretrained(folder)).size).toBeGreaterThan(20);
	});

	it("replaces the version that was pushed before and leaves other files alone", async () => {
		const { folder } = await pushed();
		writeFileSync(join(folder, "LICENSE"), "own");
		await putSample(sample.store, "2");
		await pushToHub(await sample.store.open("default", { version: "2" }), folder);
		expect(readFileSync(join(folder, "LICENSE"), "utf8")).toBe("own");
		const manifest = await pullFromHub(folder, new FolderModelStore(temporaryFolder()));
		expect(manifest.version).toBe("2");
	});

	it("never overwrites a bundle of a store", async () => {
		const bundle = await sample.store.open("default", { version: "1" });
		await expect(pushToHub(bundle, bundle.folder)).rejects.toMatchObject({ reason: "HUB_FOLDER_IN_USE" });
		await sample.store.open("default", { version: "1" });
	});

	it("is refused where a file is damaged, missing, a link, or where there is no bundle", async () => {
		const { folder } = await pushed();
		const pull = () => pullFromHub(folder, new FolderModelStore(temporaryFolder()));
		const path = join(folder, "mixture.json");
		const text = readFileSync(path, "utf8");
		writeFileSync(path, text.replace("0", "1"));
		await expect(pull()).rejects.toMatchObject({ reason: "BUNDLE_CHECKSUM_MISMATCH" });
		rmSync(path);
		await expect(pull()).rejects.toMatchObject({ reason: "BUNDLE_FILE_MISSING" });
		symlinkSync(join(folder, "README.md"), path);
		await expect(pull()).rejects.toMatchObject({ reason: "BUNDLE_SYMLINK" });
		rmSync(join(folder, "manifest.json"));
		await expect(pull()).rejects.toMatchObject({ reason: "BUNDLE_NOT_FOUND" });
	});
});
