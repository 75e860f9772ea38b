import { networkFromJson, networkHash } from "@archgen/search-space";
import fc from "fast-check";
import { expect, it } from "vitest";
import { arbitraryNetwork } from "../testing/random-network.js";
import { networkToJsonText } from "./json.js";

it("is read back as the same network", () => {
	fc.assert(
		fc.property(arbitraryNetwork, (network) => {
			const read = networkFromJson(JSON.parse(networkToJsonText(network)));
			expect(networkHash(read)).toBe(networkHash(network));
			expect(networkToJsonText(read)).toBe(networkToJsonText(network));
		}),
	);
});
