import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { readTextFile } from "@archgen/files";
import { checkManifest, manifestText, parseLabels } from "./manifest.js";
import { type BundleManifest, isName, isVersion, MANIFEST_FILE } from "./manifest-schema.js";
import {
	type Bundle,
	type BundleContent,
	type BundleDraft,
	DEFAULT_LABEL,
	type ModelStore,
	type StoredVersion,
	type VersionSelector,
} from "./model-store.js";
import { type BundleLimits, DEFAULT_LIMITS, openBundle } from "./verify.js";
import { replaceFile, writeBundle, writing } from "./write-bundle.js";

const LABELS_FILE = "labels.json";
/** Labels that come with a release; those of `labels.json`, which only stores write, go before them. */
const SHIPPED_LABELS_FILE = "shipped-labels.json";
const NAME_RULE = "is not a name of lower-case letters, digits and dashes";

/** Bundles in a folder: `ROOT/{name}/{version}/manifest.json`, `ROOT/{name}/labels.json` and, of a release, `ROOT/{name}/shipped-labels.json`. */
export class FolderModelStore implements ModelStore {
	readonly #root: string;
	readonly #limits: BundleLimits;

	constructor(root: string, limits: BundleLimits = DEFAULT_LIMITS) {
		this.#root = resolve(root);
		this.#limits = limits;
	}

	async list(): Promise<StoredVersion[]> {
		const result: StoredVersion[] = [];
		for (const name of (await folders(this.#root)).filter(isName)) {
			const labels = Object.entries(await this.#labels(name)).sort();
			for (const version of (await folders(join(this.#root, name))).filter(isVersion)) {
				if (!(await readdir(join(this.#root, name, version))).includes(MANIFEST_FILE)) continue;
				const own = labels.filter(([, target]) => target === version).map(([label]) => label);
				result.push({ name, version, labels: own });
			}
		}
		return result;
	}

	async labelled(name: string, label: string): Promise<string | undefined> {
		return (await this.#labels(name))[label];
	}

	async open(
		name: string,
		selector: VersionSelector = { label: DEFAULT_LABEL },
		signal?: AbortSignal,
	): Promise<Bundle> {
		const version = await this.#resolve(name, selector);
		const bundle = await openBundle(join(this.#root, name, version), { limits: this.#limits, signal });
		const { manifest } = bundle;
		if (manifest.name === name && manifest.version === version) return bundle;
		throw new ArchgenError({
			category: "DATA_LOSS",
			reason: "BUNDLE_NAME_MISMATCH",
			message: `The bundle ${name} ${version} says it is ${manifest.name} ${manifest.version}; restore the right one.`,
			metadata: { bundle: bundle.folder },
		});
	}

	async put(
		draft: BundleDraft,
		contents: readonly BundleContent[],
		signal?: AbortSignal,
	): Promise<BundleManifest> {
		const folder = join(this.#modelFolder(draft.name), checkedVersion(draft.version));
		return writing(this.#root, () => writeBundle(folder, draft, contents, signal));
	}

	async record(
		name: string,
		version: string,
		report: string,
		metrics: BundleManifest["metrics"],
		signal?: AbortSignal,
	): Promise<BundleManifest> {
		const { manifest, folder } = await this.open(name, { version }, signal);
		const others = Object.entries(manifest.metrics).filter(([key]) => !key.startsWith(`${report}.`));
		const own = Object.entries(metrics).map(([key, value]) => [`${report}.${key}`, value] as const);
		const changed = checkManifest({ ...manifest, metrics: Object.fromEntries([...others, ...own]) }, folder);
		await writing(this.#root, () => replaceFile(join(folder, MANIFEST_FILE), manifestText(changed)));
		return changed;
	}

	async label(name: string, label: string, version: string): Promise<void> {
		if (!isName(label))
			throw invalidArgument("label", `${JSON.stringify(label)} ${NAME_RULE}`, "INVALID_NAME");
		await this.#resolve(name, { version });
		const path = join(this.#modelFolder(name), LABELS_FILE);
		const labels = { ...(await readLabels(path)), [label]: version };
		await writing(this.#root, () => replaceFile(path, `${JSON.stringify(labels, null, "\t")}\n`));
	}

	async #resolve(name: string, selector: VersionSelector): Promise<string> {
		const folder = this.#modelFolder(name);
		const byLabel = "label" in selector;
		const version = byLabel ? await this.labelled(name, selector.label) : checkedVersion(selector.version);
		if (version !== undefined && (await folders(folder)).includes(version)) return version;
		const wanted = byLabel ? `label ${selector.label}` : `version ${selector.version}`;
		throw new ArchgenError({
			category: "FAILED_PRECONDITION",
			reason: "MODEL_NOT_FOUND",
			message: `There is no model ${name} with ${wanted} in ${this.#root}; train one or name another.`,
			metadata: { model: name, selector: wanted },
		});
	}

	async #labels(name: string): Promise<Record<string, string>> {
		const folder = this.#modelFolder(name);
		const files = [SHIPPED_LABELS_FILE, LABELS_FILE].map((file) => readLabels(join(folder, file)));
		return Object.assign({}, ...(await Promise.all(files)));
	}

	#modelFolder(name: string): string {
		if (!isName(name)) throw invalidArgument("name", `${JSON.stringify(name)} ${NAME_RULE}`, "INVALID_NAME");
		return join(this.#root, name);
	}
}

async function readLabels(path: string): Promise<Record<string, string>> {
	const text = await readTextFile(path).catch(missing);
	return text === undefined ? {} : parseLabels(text, path);
}

function checkedVersion(version: string): string {
	if (isVersion(version)) return version;
	throw invalidArgument(
		"version",
		`${JSON.stringify(version)} is not of the form 1, 2.0.1 or cifar-3`,
		"INVALID_NAME",
	);
}

/** Names of the real folders (no links) in a folder, sorted; none when it does not exist. */
async function folders(path: string): Promise<string[]> {
	const entries = (await readdir(path, { withFileTypes: true }).catch(missing)) ?? [];
	return entries
		.filter((entry) => entry.isDirectory())
		.map((entry) => entry.name)
		.sort();
}

function missing(error: NodeJS.ErrnoException): undefined {
	if (error.code !== "ENOENT") throw error;
}
