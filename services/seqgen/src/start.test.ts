import {
	createClient,
	type RpcClient,
	type StartedService,
	seqgen,
	statusToError,
	waitForHealthy,
} from "@archgen/rpc";
import { countNetwork, macroNetwork } from "@archgen/search-space";
import { cellFromMessage, sequenceFromMessage } from "@archgen/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SAMPLE_CLUSTERS, writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { seqgenSettings } from "./settings.js";
import { startSeqgen } from "./start.js";

let models: Awaited<ReturnType<typeof writeSampleStore>>;
let service: StartedService;
let client: RpcClient<typeof seqgen.SeqgenServiceService>;
beforeAll(async () => {
	models = await writeSampleStore();
	service = await startSeqgen(
		seqgenSettings.parse({
			port: 0,
			models: models.folder,
			logLevel: "silent",
			threads: 1,
			limits: { drainMs: 100 },
		}),
	);
	client = createClient(seqgen.SeqgenServiceService, { address: service.address });
});
afterAll(async () => {
	client.close();
	await service.stop();
	await models.remove();
});

const condition = { classCount: 10, inputSize: 32 };

type Request = Parameters<typeof seqgen.GenerateSequencesRequest.fromPartial>[0];
function generate(request: Request, signal?: AbortSignal) {
	return client.generateSequences(seqgen.GenerateSequencesRequest.fromPartial(request), { signal });
}

test("sequences are well formed and follow the seed", async () => {
	const request = {
		condition,
		constraints: { maxFlopCount: 50_000_000n },
		count: 10,
		seed: 4n,
		requestId: "r",
	};
	const reply = await generate(request);
	expect(reply).toMatchObject({
		seed: 4n,
		requestId: "r",
		shortfallReason: "",
		modelVersion: { version: "1" },
	});
	expect(reply.sequences).toHaveLength(10);
	for (const { stages, finalChannels } of reply.sequences) {
		expect(stages.length).toBeGreaterThan(0);
		expect(finalChannels % 8).toBe(0);
		expect(stages.every(({ cluster }) => cluster < SAMPLE_CLUSTERS)).toBe(true);
	}
	const used = new Set(reply.sequences.flatMap(({ stages }) => stages.map(({ cluster }) => cluster)));
	expect(reply.budgetCells.map(({ cluster }) => cluster)).toEqual([...used].sort((a, b) => a - b));
	for (const { cell } of reply.budgetCells) expect(cell!.operations.length).toBeGreaterThan(0);
	expect((await generate(request)).sequences).toEqual(reply.sequences);
	expect((await generate({ ...request, seed: 5n })).sequences).not.toEqual(reply.sequences);
});

test("with the cells that come along every sequence keeps its upper bounds", async () => {
	const constraints = { maxFlopCount: 30_000_000n, maxParameterCount: 60_000n };
	const { sequences, budgetCells } = await generate({ condition, constraints, count: 20, seed: 6n });
	const cells = new Map(budgetCells.map(({ cluster, cell }) => [cluster, cellFromMessage(cell!, "cell")]));
	let full = 0;
	for (const sequence of sequences.map(sequenceFromMessage)) {
		const stages = sequence.stages.map((stage) => ({ ...stage, cell: cells.get(stage.cluster)! }));
		const counts = countNetwork(macroNetwork(stages, sequence.finalChannels, { size: 32, classes: 10 }));
		expect(counts.flopCount).toBeLessThanOrEqual(30_000_000);
		expect(counts.parameterCount).toBeLessThanOrEqual(60_000);
		if (counts.flopCount >= 27_000_000 || counts.parameterCount >= 54_000) full += 1;
	}
	// Parameters and operations are bounded both, so that one of them is to be used.
	expect(full).toBeGreaterThan(10);
	expect((await generate({ condition, count: 2 })).budgetCells).toEqual([]);
});

test("greedy decoding needs no seed", async () => {
	const greedy = { condition, decoding: seqgen.Decoding.DECODING_GREEDY };
	const [first, second] = await Promise.all([
		generate({ ...greedy, seed: 1n }),
		generate({ ...greedy, seed: 2n }),
	]);
	expect(first!.sequences).toEqual(second!.sequences);
	expect((await generate({ condition })).sequences).toEqual(first!.sequences);
});

test("bounds that leave no room are an answer with a reason", async () => {
	const reply = await generate({ condition, constraints: { maxParameterCount: 10n } });
	expect(reply.sequences).toEqual([]);
	expect(reply.shortfallReason).toContain("maxParameterCount");
});

test.each([
	["count", { count: 1001 }],
	["temperature", { temperature: -1 }],
	["temperature", { temperature: Number.NaN }],
	["condition.class_count", { constraints: { maxFlopCount: 1n } }],
	["condition.input_size", { condition: { classCount: 10 }, constraints: { maxFlopCount: 1n } }],
	["condition.parameter_count", { condition: { parameterCount: -5n } }],
	["condition.naswot", { condition: { naswot: Number.NaN } }],
	["constraints.min_flop_count", { condition, constraints: { minFlopCount: 9n, maxFlopCount: 8n } }],
	["constraints.max_mac_count", { condition, constraints: { maxMacCount: 0n } }],
	["decoding", { decoding: 9 }],
	["model_version", { modelVersion: "7" }],
])("a bad request names %s", async (field, request: Request) => {
	const failure = statusToError(await generate(request).catch((error: unknown) => error));
	expect(failure.violations[0]?.field).toBe(field);
});

test("health is answered while sequences are decoded, and cancelling ends the call at once", async () => {
	const controller = new AbortController();
	const call = generate(
		{ condition, constraints: { maxFlopCount: 900_000_000n }, count: 1000 },
		controller.signal,
	);
	const ended = call.catch((error: unknown) => statusToError(error).category);
	await new Promise((resolve) => setTimeout(resolve, 100));
	const asked = performance.now();
	await waitForHealthy({ address: service.address, timeoutMs: 60_000 });
	const start = performance.now();
	controller.abort();
	expect(await ended).toBe("CANCELLED");
	// By how slow the machine is: the call would take a minute.
	expect(performance.now() - start).toBeLessThan(Math.max(500, 20 * (start - asked)));
	// The generator is free again for the next caller.
	expect((await generate({ condition })).sequences).toHaveLength(1);
});
