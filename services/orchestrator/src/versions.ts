import { ArchgenError } from "@archgen/errors";
import type { common } from "@archgen/rpc";

/** The model version of each service that took part in one answer. */
export class Versions {
	readonly #versions = new Map<string, common.ModelVersion>();

	/**
	 * Notes which version a service answered with.
	 *
	 * @throws UNAVAILABLE when it answered this request with another version before: the parts would not belong together
	 */
	note(service: string, version: common.ModelVersion | undefined): void {
		const known = this.#versions.get(service);
		if (version === undefined) {
			return;
		}
		if (known !== undefined && known.version !== version.version) {
			throw new ArchgenError({
				category: "UNAVAILABLE",
				reason: "MODEL_CHANGED",
				message: `The ${service} service changed from version ${known.version} to ${version.version} meanwhile; ask again.`,
				retryAfterMs: 0,
			});
		}
		this.#versions.set(service, version);
	}

	/** Version of a service, empty before it answered. */
	of(service: string): string {
		return this.#versions.get(service)?.version ?? "";
	}

	/** All versions by service. */
	all(): Record<string, common.ModelVersion> {
		return Object.fromEntries(this.#versions);
	}
}
