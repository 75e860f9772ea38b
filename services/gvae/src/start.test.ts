import { assign, responsibilities } from "@archgen/mixture";
import { readMixture } from "@archgen/models";
import {
	common,
	createClient,
	gvae,
	type RpcClient,
	type StartedService,
	statusToError,
	waitForHealthy,
} from "@archgen/rpc";
import { cellFromJson } from "@archgen/search-space";
import { cellFromMessage, cellToMessage } from "@archgen/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putSample, SAMPLE_LATENT, writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { gvaeSettings } from "./settings.js";
import { startGvae } from "./start.js";

let models: Awaited<ReturnType<typeof writeSampleStore>>;
let service: StartedService;
let client: RpcClient<typeof gvae.GvaeServiceService>;
beforeAll(async () => {
	models = await writeSampleStore();
	service = await startGvae(
		gvaeSettings.parse({
			port: 0,
			models: models.folder,
			logLevel: "silent",
			modelRefreshMs: 20,
			limits: { drainMs: 100 },
		}),
	);
	client = createClient(gvae.GvaeServiceService, { address: service.address });
});
afterAll(async () => {
	client.close();
	await service.stop();
	await models.remove();
});

const cell = cellFromJson({
	operations: [
		{ type: "conv", kernel: 3 },
		{ type: "sep_conv", kernel: 5 },
	],
	edges: [
		[0, 1],
		[1, 2],
		[0, 2],
		[2, 3],
	],
});
const latent = (first: number) => ({ values: [first, ...new Array<number>(SAMPLE_LATENT - 1).fill(0.5)] });

test("cells are encoded and those that are none fail singly", async () => {
	await waitForHealthy({ address: service.address, service: "models/default" });
	const cells = [cellToMessage(cell), common.Cell.fromPartial({ operations: [{}] }), cellToMessage(cell)];
	const { results, modelVersion } = await client.encodeCells(gvae.EncodeCellsRequest.fromPartial({ cells }));
	expect(modelVersion).toMatchObject({ name: "default", version: "1" });
	expect(results.map(({ outcome }) => outcome?.$case)).toEqual(["latent", "error", "latent"]);
	expect(results[0]?.outcome).toEqual(results[2]?.outcome);
	expect(results[1]?.outcome?.value).toMatchObject({
		violations: [{ field: "cells[1].operations[0].type" }],
	});
});

test("every latent decodes to a valid cell or says why not", async () => {
	const latents = Array.from({ length: 30 }, (_, index) => latent(index - 15));
	const { results } = await client.decodeLatents(gvae.DecodeLatentsRequest.fromPartial({ latents }));
	expect(results).toHaveLength(30);
	for (const { outcome } of results) {
		if (outcome?.$case === "cell") {
			expect(cellFromMessage(outcome.value, "cell").hash).toBe(outcome.value.hash);
		} else {
			expect(outcome?.value.reason).toMatch(/^[A-Z_]+$/);
		}
	}
});

test("predictions come standardised and in natural units", async () => {
	const request = gvae.PredictZcVectorsRequest.fromPartial({ latents: [latent(0), latent(1)] });
	const { results } = await client.predictZcVectors(request);
	for (const { zcVector, standardized } of results) {
		expect(standardized).toHaveLength(4);
		expect(zcVector?.naswot).toBeCloseTo(700 + 50 * standardized[0]!, 3);
		expect(zcVector?.flopCount).toBeCloseTo(Math.exp(19 + standardized[3]!), -3);
	}
});

test("clusters are listed as the bundle has them, in both scales", async () => {
	const { clusters, modelVersion } = await client.listClusters(gvae.ListClustersRequest.fromPartial({}));
	expect(modelVersion).toMatchObject({ version: "1" });
	expect(clusters.map(({ cluster }) => cluster)).toEqual(clusters.map((_, index) => index));
	expect(clusters.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1);
	for (const { mean, cheapestCell } of clusters) {
		expect(mean?.zcVector?.naswot).toBeCloseTo(700 + 50 * mean!.standardized[0]!, 3);
		if (cheapestCell) expect(cellFromMessage(cheapestCell, "cell").hash).toBe(cheapestCell.hash);
	}
});

test("a cell is assigned to the cluster that most likely produced its predicted vector", async () => {
	const cells = [common.Cell.fromPartial({ operations: [{}] }), cellToMessage(cell)];
	const { results } = await client.assignClusters(gvae.AssignClustersRequest.fromPartial({ cells }));
	expect(results.map(({ outcome }) => outcome?.$case)).toEqual(["error", "assignment"]);
	const [, assigned] = results;
	if (assigned?.outcome?.$case !== "assignment") throw new Error("no assignment");
	const { cluster, probability, predicted } = assigned.outcome.value;
	const { results: encoded } = await client.encodeCells(
		gvae.EncodeCellsRequest.fromPartial({ cells: [cells[1]!] }),
	);
	const outcome = encoded[0]?.outcome;
	if (outcome?.$case !== "latent") throw new Error("no latent");
	const reply = await client.predictZcVectors(
		gvae.PredictZcVectorsRequest.fromPartial({ latents: [outcome.value] }),
	);
	expect(predicted).toEqual(reply.results[0]);
	const mixture = await readMixture(await models.store.open("default", { version: "1" }));
	expect(cluster).toBe(assign(mixture, predicted!.standardized));
	expect(probability).toBeCloseTo(Math.max(...responsibilities(mixture, predicted!.standardized)), 6);
});

test("prior samples follow the seed", async () => {
	const draw = (seed: bigint) => client.sampleCells(gvae.SampleCellsRequest.fromPartial({ count: 8, seed }));
	const first = await draw(5n);
	expect(first).toMatchObject({ seed: 5n });
	expect((await draw(5n)).results).toEqual(first.results);
	expect((await draw(6n)).results).not.toEqual(first.results);
});

test.each([
	["latents", { latents: [] }],
	["latents[0].values", { latents: [{ values: [1] }] }],
	["latents[1].values", { latents: [latent(0), latent(Number.NaN)] }],
	["latents", { latents: Array.from({ length: 1025 }, () => latent(0)) }],
	["model_version", { latents: [latent(0)], modelVersion: "9" }],
])("a bad request names %s", async (field, request) => {
	const call = client.decodeLatents(gvae.DecodeLatentsRequest.fromPartial(request));
	const failure = statusToError(await call.catch((error: unknown) => error));
	expect(failure.violations[0]?.field).toBe(field);
});

test("another version takes over without a failed call", async () => {
	await putSample(models.store, "2");
	const versions = new Set<string | undefined>();
	const controller = new AbortController();
	const load = (async () => {
		while (!controller.signal.aborted) {
			const reply = await client.decodeLatents(
				gvae.DecodeLatentsRequest.fromPartial({ latents: [latent(0)] }),
			);
			versions.add(reply.modelVersion?.version);
		}
	})();
	await models.store.label("default", "default", "2");
	const end = Date.now() + 60_000;
	while (!versions.has("2") && Date.now() < end) {
		await new Promise((resolve) => setTimeout(resolve, 10));
	}
	controller.abort();
	await load;
	expect([...versions].sort()).toEqual(["1", "2"]);
});
