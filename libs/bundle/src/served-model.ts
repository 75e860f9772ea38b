import { ArchgenError } from "@archgen/errors";
import type { Bundle } from "@archgen/model-store";

/** A bundle's name and version. */
export interface ModelIdentity {
	readonly name: string;
	readonly version: string;
}

/** What a {@link ServedModel} is made of. */
export interface ServedModelOptions<T> {
	/** Opens the bundle that should be served now, verified. */
	readonly open: () => Promise<Bundle>;
	/** Version that should be served now, without opening it, if there is one; lets `refresh` skip what is served already. */
	readonly current: () => Promise<string | undefined>;
	/** Makes the models of a bundle ready. */
	readonly load: (bundle: Bundle) => Promise<T>;
	/** Frees them, once nobody uses them any more. */
	readonly release: (model: T) => Promise<void>;
	/** Told of every change: a version that took over, or why one could not. */
	readonly onChange?: (change: { identity: ModelIdentity } | { error: ArchgenError }) => void;
}

interface Version<T> {
	readonly identity: ModelIdentity;
	readonly model: T;
	users: number;
	retired: boolean;
}

/**
 * The one version of a model that a service answers with. `refresh` lets another take over at once: calls in progress finish
 * on the version they began with, which is freed after the last of them. A version that cannot be loaded changes nothing.
 */
export class ServedModel<T> {
	readonly #options: ServedModelOptions<T>;
	#serving: Version<T> | undefined;
	#failure: ArchgenError | undefined;
	#refreshing: Promise<void> | undefined;

	constructor(options: ServedModelOptions<T>) {
		this.#options = options;
	}

	/** What is served, if anything. */
	get identity(): ModelIdentity | undefined {
		return this.#serving?.identity;
	}

	/** Loads the version that should be served unless it is; never throws, see `onChange`. Idempotent while it runs. */
	refresh(): Promise<void> {
		this.#refreshing ??= this.#takeOver().finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	/**
	 * Runs `body` with the served version, which stays loaded until it is done.
	 *
	 * @param wanted version that must answer; empty for any
	 * @throws FAILED_PRECONDITION or DATA_LOSS as loading failed, or with reason MODEL_VERSION_NOT_SERVED
	 */
	async use<R>(wanted: string, body: (model: T, identity: ModelIdentity) => Promise<R>): Promise<R> {
		const version = this.#serving;
		if (version === undefined) {
			throw this.#failure ?? notLoaded();
		}
		if (wanted !== "" && wanted !== version.identity.version) {
			throw notServed(wanted, version.identity);
		}
		version.users += 1;
		try {
			return await body(version.model, version.identity);
		} finally {
			version.users -= 1;
			await this.#releaseIfUnused(version);
		}
	}

	/** Retires what is served; calls in progress finish. */
	async close(): Promise<void> {
		await this.#refreshing;
		await this.#retire();
	}

	async #takeOver(): Promise<void> {
		try {
			const wanted = await this.#options.current();
			if (wanted !== undefined && wanted === this.#serving?.identity.version) {
				return;
			}
			const bundle = await this.#options.open();
			const { name, version } = bundle.manifest;
			const model = await this.#options.load(bundle);
			const old = this.#retire();
			this.#serving = { identity: { name, version }, model, users: 0, retired: false };
			this.#failure = undefined;
			this.#options.onChange?.({ identity: { name, version } });
			await old;
		} catch (failure) {
			this.#fail(failure);
		}
	}

	#fail(failure: unknown): void {
		const error = failure instanceof ArchgenError ? failure : unloadable(failure);
		// The same failure at every refresh is said once.
		if (error.message !== this.#failure?.message) {
			this.#options.onChange?.({ error });
		}
		this.#failure = error;
	}

	async #retire(): Promise<void> {
		const version = this.#serving;
		this.#serving = undefined;
		if (version !== undefined) {
			version.retired = true;
			await this.#releaseIfUnused(version);
		}
	}

	async #releaseIfUnused(version: Version<T>): Promise<void> {
		if (version.retired && version.users === 0) {
			await this.#options.release(version.model);
		}
	}
}

function notLoaded(): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_NOT_LOADED",
		message: "No model is loaded yet; try again shortly.",
	});
}

function notServed(wanted: string, { name, version }: ModelIdentity): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_VERSION_NOT_SERVED",
		message: `This service answers with version ${version} of ${name}, not ${wanted}; leave the version out or promote it.`,
		violations: [{ field: "model_version", description: `is not ${version}, the version that is served.` }],
		metadata: { name, version },
	});
}

function unloadable(cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_UNLOADABLE",
		message: "The model bundle passed its checks but could not be loaded; write it anew with this release.",
		cause,
	});
}
