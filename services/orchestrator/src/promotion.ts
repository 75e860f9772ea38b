import { ArchgenError, invalidArgument } from "@archgen/errors";
import { DEFAULT_LABEL, type ModelStore } from "@archgen/models";
import pLimit from "p-limit";

/** Points to the version that was served before the last promotion. */
const PREVIOUS_LABEL = "previous";

/** A change of the served version. */
export interface Promotion {
	readonly model: string;
	readonly version: string;
	/** Version that was served before; undefined when there was none. */
	readonly before: string | undefined;
}

/** Which version of each model answers: what the label `default` of the store points to. */
export class Promotions {
	/** One change at a time. */
	readonly #inTurn = pLimit(1);

	/** @param prepare has the services load a version and answer with it; throws when they cannot */
	constructor(
		private readonly store: ModelStore,
		private readonly prepare: (model: string, version: string) => Promise<void>,
	) {}

	/** The version that new requests are answered with; undefined without a store of models here. */
	served(model: string, label = DEFAULT_LABEL): Promise<string | undefined> {
		return this.store.labelled(model, label);
	}

	/** @throws what is wrong with the version; the one that is served goes on then */
	promote(model: string, version: string): Promise<Promotion> {
		return this.#inTurn(async () => {
			await this.store.open(model, { version });
			const before = await this.served(model);
			if (before === version) return { model, version, before };
			await this.prepare(model, version);
			if (before !== undefined) await this.store.label(model, PREVIOUS_LABEL, before);
			await this.store.label(model, DEFAULT_LABEL, version);
			return { model, version, before };
		});
	}

	/** @throws FAILED_PRECONDITION when nothing was promoted before */
	async rollback(model: string): Promise<Promotion> {
		const [now, before] = [await this.served(model), await this.served(model, PREVIOUS_LABEL)];
		if (before === undefined || before === now) {
			throw new ArchgenError({
				category: "FAILED_PRECONDITION",
				reason: "NOTHING_TO_ROLL_BACK",
				message: `No version of ${model} was served before ${now ?? "this"}; promote the version that you want.`,
			});
		}
		return this.promote(model, before);
	}
}

/** Model and version of "models/{model}/versions/{version}". @throws INVALID_ARGUMENT */
export function parseVersionName(name: string): { readonly model: string; readonly version: string } {
	const match = /^models\/([^/]+)\/versions\/([^/]+)$/.exec(name);
	if (match === null)
		throw invalidArgument("name", 'must be of the form "models/{model}/versions/{version}".');
	return { model: match[1]!, version: match[2]! };
}

/** Model of "models/{model}". @throws INVALID_ARGUMENT */
export function parseModelName(name: string): string {
	const match = /^models\/([^/]+)$/.exec(name);
	if (match === null) throw invalidArgument("name", 'must be of the form "models/{model}".');
	return match[1]!;
}
