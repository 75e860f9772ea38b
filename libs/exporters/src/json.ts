import { architectureToJson, type Network, networkToJson } from "@archgen/search-space";
import type { SpaceNetwork } from "./network-subject.js";

/** The network in the form that `networkFromJson` reads, indented for people. */
export function networkToJsonText(network: Network): string {
	return `${JSON.stringify(networkToJson(network), null, "\t")}\n`;
}

/** The architecture in the form that `architectureFromJson` reads, indented for people; the target is part of it where it was given. */
export function spaceNetworkToJsonText(subject: SpaceNetwork): string {
	return `${JSON.stringify(architectureToJson(subject), null, "\t")}\n`;
}
