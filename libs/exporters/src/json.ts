import { architectureToJson, type Network, networkToJson } from "@archgen/search-space";
import type { SpaceNetwork } from "./network-subject.js";

/**
 * The network in the form that `networkFromJson` reads, indented for people.
 *
 * @param provenance where the network comes from, kept beside it
 */
export function networkToJsonText(network: Network, provenance?: Readonly<Record<string, string>>): string {
	const document = { ...networkToJson(network), ...(provenance && { provenance }) };
	return `${JSON.stringify(document, null, "\t")}\n`;
}

/** The architecture in the form that `architectureFromJson` reads, indented for people; the target is part of it where it was given. */
export function spaceNetworkToJsonText(subject: SpaceNetwork): string {
	return `${JSON.stringify(architectureToJson(subject), null, "\t")}\n`;
}
