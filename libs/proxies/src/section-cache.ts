import { detectChannelBlock, type LoadedModel, type Runtime } from "@archgen/tensor-graph";
import { LRUCache } from "lru-cache";
import type { DetachedSection } from "./section.js";
import { buildSectionModel, type PassMode, type SectionPass } from "./section-models.js";

/** Compiled sections by what they compute, the longest unused leaving first. */
export class SectionCache {
	#block: Promise<number | null> | undefined;
	readonly #models: LRUCache<string, Promise<LoadedModel>>;

	/**
	 * @param capacity compiled passes kept, some 1.4 MiB each, default 256: of the 15 passes of a network that HL-Evo proposes, 6 are then new; 9 are
	 * with 96, and 5 with any number
	 */
	constructor(
		private readonly runtime: Runtime,
		capacity = 256,
	) {
		this.#models = new LRUCache({
			max: capacity,
			dispose: (model) => void model.then((m) => m.release()),
		});
	}

	/** The compiled pass; built when it is asked for the first time. */
	get(section: DetachedSection, batch: number, pass: SectionPass, mode: PassMode): Promise<LoadedModel> {
		const key = `${pass}/${mode}/${batch}/${section.key}`;
		return this.compiled(key, (block) => buildSectionModel(section, batch, pass, mode, block));
	}

	/**
	 * Any other model, by a key that says what it computes.
	 *
	 * @param build is given the channels side by side in blocked layout, null for plain
	 */
	compiled(key: string, build: (block: number | null) => Uint8Array): Promise<LoadedModel> {
		const known = this.#models.get(key);
		if (known !== undefined) return known;
		this.#block ??= detectChannelBlock(this.runtime);
		const model = this.#block.then((block) =>
			this.runtime.load(build(block), { optimization: block === null ? "all" : "disabled" }),
		);
		this.#models.set(key, model);
		return model;
	}
}
