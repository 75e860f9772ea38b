import { alphaNetwork, cellFromNasBench201, countNetwork } from "@archgen/search-space";
import { add, buildModel, input, ModelProto, tanh } from "@archgen/tensor-graph";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { arbitraryNetwork, arbitraryTaskNetwork, randomNetwork } from "../../testing/random-network.js";
import { countOnnx } from "./count-onnx.js";
import { networkToOnnx } from "./onnx.js";

const BEST_NATS =
	"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_1x1~1|nor_conv_3x3~2|";

describe("countOnnx", () => {
	it("agrees with countNetwork on random networks", () => {
		const agrees = fc.property(arbitraryNetwork, (network) => {
			expect(countOnnx(networkToOnnx(network))).toEqual(countNetwork(network));
		});
		fc.assert(agrees, { numRuns: 25 });
	});

	it("agrees with countNetwork for every task and any images", () => {
		const agrees = fc.property(arbitraryTaskNetwork, (network) => {
			expect(countOnnx(networkToOnnx(network))).toEqual(countNetwork(network));
		});
		fc.assert(agrees, { numRuns: 25 });
	});

	it("finds the published counts of the best NATS-Bench cell", () => {
		const counts = countOnnx(networkToOnnx(alphaNetwork(cellFromNasBench201(BEST_NATS))));
		expect(counts).toMatchObject({ parameterCount: 1_148_474, flopCount: 326_665_492, layerCount: 89 });
	});

	it("notices a widened layer", () => {
		const model = ModelProto.decode(networkToOnnx(randomNetwork(5)));
		const before = countOnnx(ModelProto.encode(model).finish());
		const classifier = model.graph!.initializer.find(({ name }) => name === "head.classifier.weight")!;
		classifier.dims[0]! += 1n;
		const after = countOnnx(ModelProto.encode(model).finish());
		const features = Number(classifier.dims[1]);
		expect(after.macCount - before.macCount).toBe(features);
		expect(after.parameterCount - before.parameterCount).toBe(features);
	});

	it("refuses what is no network", () => {
		expect(() => countOnnx(Uint8Array.of(255, 1, 2))).toThrow(/not an ONNX file/);
		const x = input("x", ["batch", 3, 4, 4]);
		const other = buildModel({ outputs: { y: tanh(x) } });
		expect(() => countOnnx(other)).toThrow(/Tanh, which exported networks do not contain/);
		const two = buildModel({ outputs: { y: add(x, input("z", ["batch", 3, 4, 4])) } });
		expect(() => countOnnx(two)).toThrow(/exactly one input/);
	});
});
