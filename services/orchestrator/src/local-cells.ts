import type { CellGenerator } from "@archgen/design";
import { type ModelStore, type ServedModel, storedModel } from "@archgen/models";
import { loadCellGenerator } from "@archgen/pipeline";
import { SessionPool } from "@archgen/tensor-graph";

/** The generators of one version that were asked for, in a worker thread of their own. */
interface LoadedVersion {
	readonly generator: (name: string) => Promise<CellGenerator>;
	readonly close: () => Promise<void>;
}

/**
 * Cell generators that no other service serves: read from the model store and run in a worker thread of this process. A version is loaded when it is first
 * asked for, and stays while it is the one used last.
 */
export class LocalCells {
	readonly #served: ServedModel<LoadedVersion>;

	/** @param model name of the bundle */
	constructor(store: ModelStore, model: string) {
		this.#served = storedModel<LoadedVersion>(store, model, {
			load: async (bundle) => {
				const pool = SessionPool.create({ workers: 1, threadsPerWorker: 1 });
				const known = new Map<string, Promise<CellGenerator>>();
				const load = (name: string) => {
					const loading = loadCellGenerator(bundle, pool, name, "cellGenerator");
					known.set(name, loading);
					loading.catch(() => known.delete(name));
					return loading;
				};
				return { generator: (name) => known.get(name) ?? load(name), close: () => pool.close() };
			},
			release: ({ close }) => close(),
		});
	}

	/** @param modelVersion as the store names it */
	generator(name: string, modelVersion: string): CellGenerator {
		return {
			version: modelVersion,
			sample: (...request) =>
				this.#served.use(modelVersion, async ({ generator }) => (await generator(name)).sample(...request)),
		};
	}

	/** Frees the models once calls in progress are done. */
	close(): Promise<void> {
		return this.#served.close();
	}
}
