import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, test } from "vitest";
import { cellFromJson } from "./cell-json.js";
import { graphNetFileFromJson } from "./graphnet-file.js";
import type { Network } from "./network.js";
import { shapeRemarks } from "./shape-remarks.js";

const cell = cellFromJson({
	operations: [
		{ type: "conv", kernel: 3 },
		{ type: "conv", kernel: 3 },
	],
	edges: [
		[0, 1],
		[1, 2],
		[2, 3],
	],
});
const network: Network = {
	input: { size: 224, channels: 3 },
	classes: 1000,
	stem: { channels: 16, stride: 2 },
	stages: [16, 24, 40, 80].map((channels) => ({ cell, channels, stride: 2, repeats: 1 })),
	finalChannels: 640,
};
const withStage = (i: number, change: object): Network => ({
	...network,
	stages: network.stages.map((stage, j) => (j === i ? { ...stage, ...change } : stage)),
});

test("a network that narrows to 7×7 and widens has none", () => {
	expect(shapeRemarks(network)).toEqual([]);
	expect(shapeRemarks({ ...network, classes: 10, finalChannels: null })).toEqual([]);
});

test.each([
	[{ ...network, finalChannels: 24 }, "FEW_FEATURES", "24 features before 1000 classes"],
	[{ ...network, finalChannels: null }, "FEW_FEATURES", "80 features"],
	[withStage(3, { stride: 1, channels: 88 }), undefined, ""],
	[{ ...withStage(3, { stride: 1 }), stem: { channels: 16, stride: 1 } }, "LARGE_LAST_MAP", "28×28"],
	[withStage(2, { channels: 8 }), "NARROW_STAGE", "stage 3 of 8 channels behind one of 24"],
] as const)("says of a network what is odd about it", (subject, reason, message) => {
	const remarks = shapeRemarks(subject as Network);
	expect(remarks.map((remark) => remark.reason)).toEqual(reason === undefined ? [] : [reason]);
	for (const remark of remarks) expect(remark.message).toContain(message);
});

const released = resolve(import.meta.dirname, "../../../data/graphnet/released-architectures.json");

test("of published winners by T-CET, eight of fifteen are remarkable", () => {
	const all = graphNetFileFromJson(JSON.parse(readFileSync(released, "utf8")));
	const remarks = all.flatMap(({ set, network }) =>
		shapeRemarks(network).map(({ message }) => `${set}: ${message}`),
	);
	expect(remarks.sort()).toEqual([
		...Array.from({ length: 5 }, () => "GraphNet_CIFAR_IM: last feature map of 32×32"),
		"GraphNet_imagenet_600M: 192 features before 1000 classes",
		"GraphNet_imagenet_600M: 192 features before 1000 classes",
		"GraphNet_imagenet_600M: 72 features before 1000 classes",
	]);
});
