import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { fitShapeModel, predictByShapes, SHAPE_WEIGHTS, type ShapeModel } from "@archgen/proxies";
import { spearman } from "@archgen/statistics";
import { beforeAll, expect, it } from "vitest";
import {
	fitShapeModels,
	furtherKey,
	groupsPerLayer,
	isByTcet,
	type KeptNetwork,
	keptNetworks,
	shapeGroups,
} from "./shape-groups.js";

const root = (path: string) => fileURLToPath(new URL(`../../../../${path}`, import.meta.url));
const HISTORIES = root("data/histories");

const trainScores = new Map<string, number>();
let networks: KeptNetwork[];
beforeAll(async () => {
	const lines = gunzipSync(readFileSync(root("data/shape-scores.jsonl.gz")))
		.toString()
		.trim()
		.split("\n");
	for (const line of lines) {
		const { history, index, tcet_train: score } = JSON.parse(line);
		trainScores.set(furtherKey(history, index), score);
	}
	networks = (await keptNetworks(HISTORIES)).filter(isByTcet);
});

const sumOf = (model: ShapeModel, { sums }: KeptNetwork) => predictByShapes(model, sums);

it("the shipped models are those of the kept searches", async () => {
	const fitted = await fitShapeModels(HISTORIES, trainScores);
	for (const [name, { weights }] of Object.entries(fitted)) {
		const shipped = SHAPE_WEIGHTS[name as keyof typeof SHAPE_WEIGHTS];
		for (const [i, weight] of weights.entries()) {
			const tolerance = 1e-4 * Math.max(Math.abs(weight), 1e-3 * Math.max(...weights.map(Math.abs)));
			expect(Math.abs(shipped[i]! - weight)).toBeLessThan(tolerance);
		}
	}
});

it("a search that a model was not fitted to is ordered nearly as by its scores, and a fifth of it holds the best", () => {
	const names = [...new Set(networks.map(({ history }) => history))];
	const orders = names.map((name) => {
		const others = networks.filter(({ history }) => history !== name);
		const model = fitShapeModel(shapeGroups(others, ({ record }) => record.score));
		const own = networks.filter(({ history }) => history === name);
		const predicted = own.map((network) => sumOf(model, network));
		const scores = own.map(({ record }) => record.score);
		const order = predicted.map((_, i) => i).sort((a, b) => predicted[b]! - predicted[a]!);
		const promising = order.slice(0, own.length / 5).map((i) => scores[i]!);
		return {
			rho: spearman(predicted, scores),
			kept: Math.max(...promising) / Math.max(...scores),
		};
	});
	expect(orders.every(({ rho }) => rho > 0.75)).toBe(true);
	expect(orders.reduce((sum, { rho }) => sum + rho, 0) / orders.length).toBeGreaterThan(0.93);
	expect(Math.min(...orders.map(({ kept }) => kept))).toBeGreaterThan(0.98);
});

it("T-CET a layer of a search that its model was not fitted to is ordered nearly as measured, of few layers or many", async () => {
	const scored = await keptNetworks(HISTORIES, (history, index) =>
		trainScores.has(furtherKey(history, index)),
	);
	const orders = [...new Set([...trainScores.keys()].map((key) => key.split("/")[0]!))].map((name) => {
		const [own] = groupsPerLayer(
			scored.filter(({ history }) => history === name),
			trainScores,
		);
		const others = scored.filter(({ history }) => history !== name);
		const model = fitShapeModel(groupsPerLayer(others, trainScores));
		const predicted = own!.sums.map((means) => predictByShapes(model, means));
		return { name, rho: spearman(predicted, own!.scores) };
	});
	const ofFewLayers = orders.filter(({ name }) => name.startsWith("fit-"));
	expect(ofFewLayers).toHaveLength(4);
	expect(Math.min(...ofFewLayers.map(({ rho }) => rho))).toBeGreaterThan(0.9);
	expect(orders.reduce((sum, { rho }) => sum + rho, 0) / orders.length).toBeGreaterThan(0.9);
});
