import { ArchgenError } from "@archgen/errors";
import type { ServiceDefinition } from "../service-definition.js";

/** Verbs of methods that change nothing, or the same thing however often they are called. */
const REPEATABLE =
	/^(Get|List|Watch|Wait|Check|Export|Evaluate|Generate|Sample|Encode|Decode|Predict|LogDensity)/;

/** True for a method that may be called again when it is not known whether the first call was carried out. */
function isRepeatable(path: string): boolean {
	return REPEATABLE.test(path.slice(path.lastIndexOf("/") + 1));
}

/** The methods of a service that may be repeated, as a gRPC service configuration names them. */
export function repeatableMethods(definition: ServiceDefinition): { service: string; method: string }[] {
	return Object.values(definition)
		.filter(({ path }) => isRepeatable(path))
		.map(({ path }) => {
			const [, service, method] = path.split("/") as [string, string, string];
			return { service, method };
		});
}

/** The failure of a call that changes something, with the word that it may have been carried out all the same. */
export function possiblyCarriedOut(path: string, failure: ArchgenError): ArchgenError {
	const neverSent = /No connection established|ECONNREFUSED|Name resolution failed/.test(failure.message);
	if (failure.category !== "UNAVAILABLE" || neverSent || isRepeatable(path)) return failure;
	const { category, reason, violations, metadata, retryAfterMs } = failure;
	return new ArchgenError({
		category,
		reason,
		message: `${failure.message} It is not known whether the call was carried out: look before you make it again.`,
		violations,
		metadata: { ...metadata, carriedOut: "unknown" },
		retryAfterMs,
		cause: failure,
	});
}
