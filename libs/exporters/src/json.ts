import { type Network, networkToJson } from "@archgen/search-space";

/** The network in the form that `networkFromJson` reads, indented for people. */
export function networkToJsonText(network: Network): string {
	return `${JSON.stringify(networkToJson(network), null, "\t")}\n`;
}
