import { ArchgenError, invalidArgument } from "@archgen/errors";
import type { BundleManifest, GeneratorEntry, ModelStore, StoredVersion } from "@archgen/models";
import { orchestrator } from "@archgen/rpc";
import { firstOfSize, PAGE_BYTES, requireWhole } from "@archgen/wire";

const { Model } = orchestrator;
const DEFAULT_PAGE = 20;
const LARGEST_PAGE = 100;

/** Lists and describes the bundles of a store. */
export class Models {
	// Files of a version never change, and opening one hashes them all. Metrics that are added meanwhile are seen after the next start.
	readonly #manifests = new Map<string, BundleManifest>();

	constructor(private readonly store: ModelStore) {}

	/** One page of the versions, by name and version. */
	async list({
		pageSize,
		pageToken,
	}: orchestrator.ListModelsRequest): Promise<orchestrator.ListModelsResponse> {
		const size = requireWhole("page_size", pageSize || DEFAULT_PAGE, 1, LARGEST_PAGE);
		const versions = await this.store.list();
		const start = pageToken === "" ? 0 : versions.findIndex((version) => resourceName(version) === pageToken);
		if (start < 0) {
			throw invalidArgument("page_token", "is not a token of the reply before; start again without one.");
		}
		const models: orchestrator.Model[] = [];
		for (const version of versions.slice(start, start + size)) {
			models.push(await this.#describe(version));
		}
		const page = firstOfSize(models, PAGE_BYTES, (model) => Model.encode(model).finish().length);
		const next = versions[start + page.length];
		return { models: page, nextPageToken: next ? resourceName(next) : "" };
	}

	/** @throws INVALID_ARGUMENT for a malformed name, NOT_FOUND for one that is not in the store */
	async get({ name }: orchestrator.GetModelRequest): Promise<orchestrator.GetModelResponse> {
		const match = /^models\/([^/]+)\/versions\/([^/]+)$/.exec(name);
		if (match === null) {
			throw invalidArgument("name", 'must be of the form "models/{model}/versions/{version or label}".');
		}
		const [, model, version] = match as unknown as [string, string, string];
		const versions = (await this.store.list()).filter((stored) => stored.name === model);
		const found =
			versions.find((stored) => stored.version === version) ??
			versions.find(({ labels }) => labels.includes(version));
		if (found === undefined) {
			throw new ArchgenError({
				category: "NOT_FOUND",
				reason: "MODEL_NOT_FOUND",
				message: `There is no ${name}; ListModels shows what there is.`,
				metadata: { name },
			});
		}
		return { model: await this.#describe(found) };
	}

	async #describe(stored: StoredVersion): Promise<orchestrator.Model> {
		const { name, version, labels } = stored;
		const { formatVersion, trainedOn, metrics, files, generators } = await this.#manifest(stored);
		return {
			name: resourceName(stored),
			version: { name, version },
			formatVersion,
			labels: [...labels],
			trainedOn,
			metrics,
			files: files.map(({ path, bytes, sha256 }) => ({ path, sizeBytes: BigInt(bytes), sha256 })),
			generators,
		};
	}

	/** Generators that a version of a model lists. @throws what opening it throws */
	async generatorsOf(name: string, version: string): Promise<readonly GeneratorEntry[]> {
		return (await this.#manifest({ name, version })).generators;
	}

	async #manifest({ name, version }: Pick<StoredVersion, "name" | "version">): Promise<BundleManifest> {
		const key = `${name}/${version}`;
		const manifest = this.#manifests.get(key) ?? (await this.store.open(name, { version })).manifest;
		this.#manifests.set(key, manifest);
		return manifest;
	}
}

function resourceName({ name, version }: Pick<StoredVersion, "name" | "version">): string {
	return `models/${name}/versions/${version}`;
}
