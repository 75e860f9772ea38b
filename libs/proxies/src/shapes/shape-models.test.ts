import { createRandom } from "@archgen/random";
import { countNetwork, macroNetwork, randomCell, scaledInput } from "@archgen/search-space";
import { describe, expect, it } from "vitest";
import { predictionOf } from "./shape-models.js";

const TARGET = { size: 32, classes: 10 };
const network = (seed: number, channels: number) => {
	const cell = randomCell(createRandom(seed));
	return macroNetwork([{ cell, channels, stride: 2, repeats: 2 }], 64, TARGET);
};

describe("a prediction by shapes", () => {
	it("is there for the proxies that it was fitted to, and for classifiers of square images alone", () => {
		for (const proxy of [
			"tcet",
			"tcet_train",
			"tcet_structure",
			"tcet_structure_size",
			"tcet_fit",
			"tcet_fit_size",
		])
			expect(predictionOf(proxy, TARGET, 16)?.(network(1, 32))).toEqual(expect.any(Number));
		for (const proxy of ["naswot", "toString", ""]) expect(predictionOf(proxy, TARGET, 16)).toBeUndefined();
		expect(predictionOf("tcet", { ...TARGET, width: 64 }, 16)).toBeUndefined();
		expect(predictionOf("tcet", { ...TARGET, task: "dense" }, 16)).toBeUndefined();
	});

	it("counts size as the proxy does", () => {
		const [structure, size] = ["tcet_fit", "tcet_fit_size"].map((proxy) => predictionOf(proxy, TARGET, 16)!);
		const [narrow, wide] = [network(2, 16), network(2, 64)];
		const macs = [narrow, wide].map(
			(net) => countNetwork({ ...net, input: scaledInput(net.input, 16) }).macCount,
		);
		const gain = size!(wide) - structure!(wide) - (size!(narrow) - structure!(narrow));
		expect(gain).toBeCloseTo(0.15 * Math.log(macs[1]! / macs[0]!), 10);
	});

	it("sees the size that networks are scored at", () => {
		const at = [16, 32].map((size) => predictionOf("tcet", TARGET, size)!(network(3, 32)));
		expect(at[0]).not.toBe(at[1]);
	});
});
