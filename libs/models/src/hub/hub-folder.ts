import { existsSync } from "node:fs";
import { copyFile, mkdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { ArchgenError, throwIfAborted } from "@archgen/errors";
import { writeWhole } from "@archgen/files";
import { type FloatTensor, readFloatTensors, saveTensors } from "@archgen/tensor-graph";
import { BUNDLE_LAYOUT } from "../bundle/layout.js";
import { manifestText } from "../store/manifest.js";
import { type BundleManifest, MANIFEST_FILE } from "../store/manifest-schema.js";
import { type Bundle, DEFAULT_LABEL, type ModelStore } from "../store/model-store.js";
import { DEFAULT_LIMITS, readManifest, verifyFile } from "../store/verify.js";
import { writing } from "../store/write-bundle.js";
import { type CardOptions, hubCard } from "./hub-card.js";

const CARD = "README.md";
const CONFIG = "config.json";
/** Large files go to the hub's storage, not into its git history. */
const ATTRIBUTES = `${["*.onnx", "*.safetensors", "*.gz"].map((name) => `${name} filter=lfs diff=lfs merge=lfs -text`).join("\n")}\n`;

/**
 * Place of a bundle's file in a folder of a model hub: the sequence generator lies at the root, where Python's transformers looks for it, all else
 * as in the bundle.
 */
function hubPath(path: string): string {
	const folder = `${BUNDLE_LAYOUT.seqgen}/`;
	return path.startsWith(folder) ? path.slice(folder.length) : path;
}

/** Place of the weights of an ONNX file as safetensors: that of transformers for `onnx/model.onnx` at the root, else beside the file. */
function tensorsPath(path: string): string {
	return path === "onnx/model.onnx" ? "model.safetensors" : path.replace(/\.onnx$/, ".safetensors");
}

/**
 * Writes a bundle to a folder laid out as model hubs expect: README.md with front matter, `config.json`, `model.safetensors`, every ONNX file with
 * its weights as safetensors beside it, and the manifest, by which {@link pullFromHub} gives the same bundle again. The folder may exist, for
 * example as a git clone: files of the bundle that was pushed there before go, everything else stays.
 *
 * @returns paths of the written files in the folder, sorted
 * @throws ArchgenError INVALID_ARGUMENT, reason HUB_PATH_CONFLICT, for a bundle two of whose files would have one name there;
 *   FAILED_PRECONDITION, reason HUB_FOLDER_IN_USE, for the folder of a bundle in a store
 */
export async function pushToHub(
	{ manifest, locate, read }: Bundle,
	folder: string,
	{ signal, ...card }: CardOptions & { readonly signal?: AbortSignal } = {},
): Promise<string[]> {
	const root = resolve(folder);
	const paths = manifest.files.map(({ path }) => path);
	const models = paths.filter((path) => path.endsWith(".onnx"));
	const texts = new Map([
		[CARD, hubCard(manifest, card)],
		[".gitattributes", ATTRIBUTES],
		...(paths.map(hubPath).includes(CONFIG) ? [] : [[CONFIG, configText(manifest)] as const]),
	]);
	const added = models.map((path) => tensorsPath(hubPath(path)));
	const written = [...texts.keys(), ...paths.map(hubPath), ...added, MANIFEST_FILE];
	checkDistinct(written);
	await writing(root, async () => {
		await removeFormer(root);
		for (const path of paths) {
			throwIfAborted(signal);
			await mkdir(dirname(join(root, hubPath(path))), { recursive: true });
			await copyFile(locate(path), join(root, hubPath(path)));
		}
		for (const path of models)
			await saveTensors(join(root, tensorsPath(hubPath(path))), weights(await read(path)), { format: "pt" });
		for (const [path, text] of texts) await writeWhole(join(root, path), text);
		await writeWhole(join(root, MANIFEST_FILE), manifestText(manifest));
	});
	return written.sort();
}

/** Constants that have names; what the graph itself needs (epsilons, axes) has none of its own. */
function weights(file: Uint8Array): Map<string, FloatTensor> {
	return new Map([...readFloatTensors(file)].filter(([name]) => !/^constant_\d+$/.test(name)));
}

/** `config.json` of a bundle without a sequence generator, whose own it is otherwise. */
function configText({ name, version, generators }: BundleManifest): string {
	const described = generators.map(({ name, kind, space, files }) => ({ name, kind, space, files }));
	return `${JSON.stringify({ model_type: "archgen", name, version, generators: described }, null, "\t")}\n`;
}

function checkDistinct(paths: readonly string[]): void {
	const twice = paths.find((path, i) => paths.indexOf(path) !== i);
	if (twice === undefined) return;
	const message = `Two files would be ${twice} in the hub's folder; rename one of them in the bundle.`;
	throw new ArchgenError({ category: "INVALID_ARGUMENT", reason: "HUB_PATH_CONFLICT", message });
}

/** Removes the bundle that was pushed before, if there is one. */
async function removeFormer(root: string): Promise<void> {
	const former = await readManifest(root, DEFAULT_LIMITS).catch((error: unknown) => {
		if (error instanceof ArchgenError && error.reason === "BUNDLE_NOT_FOUND") return undefined;
		throw error;
	});
	if (former !== undefined && !existsSync(join(root, CARD))) {
		const message = `${root} holds a bundle of a model store (a manifest, no ${CARD}); name another folder.`;
		throw new ArchgenError({ category: "FAILED_PRECONDITION", reason: "HUB_FOLDER_IN_USE", message });
	}
	const files = (former?.files ?? []).map(({ path }) => hubPath(path));
	const tensors = files.filter((path) => path.endsWith(".onnx")).map(tensorsPath);
	for (const path of [...files, ...tensors, MANIFEST_FILE]) await rm(join(root, path), { force: true });
}

/**
 * Puts the bundle of a hub's folder into a store, after size and checksum of every file of its manifest have been checked; other files of the
 * folder are ignored. Where the store has no default version of that name, the pulled one becomes it.
 *
 * @returns the manifest, equal to that of the bundle that was pushed
 * @throws ArchgenError as `openBundle`; VERSION_EXISTS where the store has that version already
 */
export async function pullFromHub(
	folder: string,
	store: ModelStore,
	signal?: AbortSignal,
): Promise<BundleManifest> {
	const root = resolve(folder);
	const { files, ...draft } = await readManifest(root, DEFAULT_LIMITS);
	for (const file of files) await verifyFile(root, { ...file, path: hubPath(file.path) }, signal);
	const contents = files.map(({ path }) => ({ path, from: join(root, hubPath(path)) }));
	const manifest = await store.put(draft, contents, signal);
	if ((await store.labelled(draft.name, DEFAULT_LABEL)) === undefined)
		await store.label(draft.name, DEFAULT_LABEL, draft.version);
	return manifest;
}
