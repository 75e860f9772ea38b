import { ArchgenError } from "@archgen/errors";
import type { Bundle } from "../store/model-store.js";

/** A bundle's name and version. */
export interface ModelIdentity {
	readonly name: string;
	readonly version: string;
}

/** What a {@link ServedModel} is made of. */
export interface ServedModelOptions<T> {
	/** Opens a version, or the one that should be served now, verified. */
	readonly open: (version?: string) => Promise<Bundle>;
	/** Version that should be served now, without opening it, if there is one; lets `refresh` skip what is served already. */
	readonly current: () => Promise<string | undefined>;
	/** Makes the models of a bundle ready. */
	readonly load: (bundle: Bundle) => Promise<T>;
	/** Frees them, once nobody uses them any more. */
	readonly release: (model: T) => Promise<void>;
	/** Told of every change: a version that took over, or why one could not. */
	readonly onChange?: (change: { identity: ModelIdentity } | { error: ArchgenError }) => void;
	/** Versions kept loaded beside the served one although nobody uses them, 1 unless given: calls may still ask for them. */
	readonly kept?: number;
}

interface Version<T> {
	readonly identity: ModelIdentity;
	readonly model: T;
	users: number;
}

/**
 * The version of a model that a service answers with, and others that calls insist on. `refresh` lets another take over at
 * once: calls in progress finish on the version they began with. A version that cannot be loaded changes nothing. A call that
 * names a version gets it, loaded for it if need be, so that all parts of one request can be answered by the same version while
 * services change over one after another.
 */
export class ServedModel<T> {
	readonly #options: ServedModelOptions<T>;
	/** Loaded versions, the least recently used first. */
	readonly #loaded = new Map<string, Version<T>>();
	readonly #loading = new Map<string, Promise<Version<T>>>();
	#serving: string | undefined;
	#failure: ArchgenError | undefined;
	#refreshing: Promise<void> | undefined;
	#closed = false;

	constructor(options: ServedModelOptions<T>) {
		this.#options = options;
	}

	/** What is served, if anything. */
	get identity(): ModelIdentity | undefined {
		return this.#serving === undefined ? undefined : this.#loaded.get(this.#serving)?.identity;
	}

	/** Loads the version that should be served unless it is; never throws, see `onChange`. Idempotent while it runs. */
	refresh(): Promise<void> {
		this.#refreshing ??= this.#takeOver().finally(() => {
			this.#refreshing = undefined;
		});
		return this.#refreshing;
	}

	/**
	 * Runs `body` with a version, which stays loaded until it is done.
	 *
	 * @param wanted version that must answer; empty for the one that is served
	 * @throws FAILED_PRECONDITION or DATA_LOSS as loading failed, or with reason MODEL_VERSION_NOT_SERVED
	 */
	async use<R>(wanted: string, body: (model: T, identity: ModelIdentity) => Promise<R>): Promise<R> {
		const name = wanted || this.#serving;
		if (this.#closed || name === undefined) throw this.#failure ?? notLoaded();
		const version =
			this.#loaded.get(name) ?? (await this.#load(name).catch((error) => this.#explain(name, error)));
		version.users += 1;
		this.#touch(version);
		try {
			return await body(version.model, version.identity);
		} finally {
			version.users -= 1;
			await this.#tidy();
		}
	}

	/** Frees everything; calls in progress finish first on what they use. */
	async close(): Promise<void> {
		await this.#refreshing;
		await Promise.allSettled(this.#loading.values());
		this.#closed = true;
		this.#serving = undefined;
		await this.#tidy();
	}

	async #takeOver(): Promise<void> {
		try {
			const wanted = await this.#options.current();
			if (wanted !== undefined && wanted === this.#serving) return;
			const version = await this.#load(wanted);
			this.#serving = version.identity.version;
			this.#touch(version);
			this.#failure = undefined;
			this.#options.onChange?.({ identity: version.identity });
			await this.#tidy();
		} catch (failure) {
			this.#fail(failure);
		}
	}

	/** A version ready for use; the wanted one without a name. Loads no version twice at once. */
	#load(name: string | undefined): Promise<Version<T>> {
		const known = name === undefined ? undefined : this.#loaded.get(name);
		if (known !== undefined) return Promise.resolve(known);
		const key = name ?? "";
		const loading = this.#loading.get(key) ?? this.#open(name).finally(() => this.#loading.delete(key));
		this.#loading.set(key, loading);
		return loading;
	}

	async #open(wanted: string | undefined): Promise<Version<T>> {
		const bundle = await this.#options.open(wanted);
		const { name, version } = bundle.manifest;
		const known = this.#loaded.get(version);
		if (known !== undefined) return known;
		const made = { identity: { name, version }, model: await this.#options.load(bundle), users: 0 };
		this.#loaded.set(version, made);
		return made;
	}

	#touch(version: Version<T>): void {
		this.#loaded.delete(version.identity.version);
		this.#loaded.set(version.identity.version, version);
	}

	/** Frees versions that nobody uses beyond those that are kept, the least recently used first. */
	async #tidy(): Promise<void> {
		const { kept = 1, release } = this.#options;
		const idle = [...this.#loaded].filter(([name, { users }]) => name !== this.#serving && users === 0);
		const freed = idle.slice(0, Math.max(0, idle.length - (this.#closed ? 0 : kept)));
		for (const [name] of freed) this.#loaded.delete(name);
		await Promise.all(freed.map(([, { model }]) => release(model)));
	}

	/** A version that is not there is the caller's mistake; one that is damaged is not. */
	#explain(wanted: string, error: unknown): never {
		if (
			error instanceof ArchgenError &&
			error.category !== "FAILED_PRECONDITION" &&
			error.category !== "INVALID_ARGUMENT"
		) {
			throw error;
		}
		throw notServed(wanted, this.identity);
	}

	#fail(failure: unknown): void {
		const error = failure instanceof ArchgenError ? failure : unloadable(failure);
		// The same failure at every refresh is said once.
		if (error.message !== this.#failure?.message) {
			this.#options.onChange?.({ error });
		}
		this.#failure = error;
	}
}

function notLoaded(): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_NOT_LOADED",
		message: "No model is loaded yet; try again shortly.",
	});
}

function notServed(wanted: string, serving: ModelIdentity | undefined): ArchgenError {
	const { name = "", version = "none" } = serving ?? {};
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "MODEL_VERSION_NOT_SERVED",
		message: `There is no usable version ${wanted}; version ${version} of ${name} is served. Leave the version out or name another.`,
		violations: [{ field: "model_version", description: `is not a usable version; ${version} is served.` }],
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
