import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ccnf, common, gvae, orchestrator, statusToError, zcproxy } from "@archgen/rpc";
import { type Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { type ServiceProcess, startAll, startProcess } from "../testing/service-processes.js";

// Five processes and clients of grpc-js alone, as in processes.slow.test.ts; here everything asked for is wrong.
let models: Awaited<ReturnType<typeof writeSampleStore>>;
let services: Awaited<ReturnType<typeof startAll>>;
let networks: orchestrator.OrchestratorServiceClient;
let proxies: zcproxy.ZcProxyServiceClient;
let cells: gvae.GvaeServiceClient;
let latents: ccnf.CcnfServiceClient;
const insecure = credentials.createInsecure();
beforeAll(async () => {
	models = await writeSampleStore();
	services = await startAll(models.folder);
	networks = new orchestrator.OrchestratorServiceClient(services.orchestrator.address, insecure);
	proxies = new zcproxy.ZcProxyServiceClient(services["zc-proxy"].address, insecure);
	cells = new gvae.GvaeServiceClient(services.gvae.address, insecure);
	latents = new ccnf.CcnfServiceClient(services.ccnf.address, insecure);
});
afterAll(async () => {
	for (const client of [networks, proxies, cells, latents]) {
		client?.close();
	}
	expect(await services?.stop()).toEqual([0, 0, 0, 0, 0]);
	await models?.remove();
});

type Reply<R> = (failure: ServiceError | null, reply: R) => unknown;

/** What a call fails with. */
function failureOf<R>(call: (reply: Reply<R>) => unknown): Promise<ServiceError> {
	return new Promise((resolve, reject) => {
		call((failure, reply) =>
			failure ? resolve(failure) : reject(new Error(`It answered ${JSON.stringify(reply)}`)),
		);
	});
}

/** A canonical status with ErrorInfo that names the field. */
function expectRefusal(failure: ServiceError, code: status, field: string): void {
	const { reason, violations } = statusToError(failure);
	expect(status[failure.code]).toBe(status[code]);
	// Without ErrorInfo the reason would be the name of the status.
	expect(reason).toMatch(/^[A-Z][A-Z0-9_]+$/);
	expect(reason).not.toBe(status[code]);
	expect(violations.map((violation) => violation.field)).toContain(field);
	expect(failure.details).toContain(field.split(".").at(-1));
}

type Spec = Parameters<typeof orchestrator.GenerationSpec.fromPartial>[0];
const SPEC = { inputSize: 32, classCount: 10, candidates: 6, topK: 3, seed: 1n };
const generate = (spec: Spec | undefined) =>
	failureOf((reply: Reply<orchestrator.GenerateNetworksUnaryResponse>) =>
		networks.generateNetworksUnary(orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec }), reply),
	);

test.each<[string, Spec | undefined]>([
	["spec", undefined],
	["spec.class_count", { ...SPEC, classCount: 0 }],
	["spec.class_count", { ...SPEC, classCount: 1 }],
	["spec.class_count", { ...SPEC, classCount: 100_001 }],
	["spec.input_size", { ...SPEC, inputSize: 15 }],
	["spec.input_size", { ...SPEC, inputSize: 513 }],
	["spec.constraints.max_flop_count", { ...SPEC, constraints: { maxFlopCount: 0n } }],
	["spec.constraints.max_flop_count", { ...SPEC, constraints: { maxFlopCount: -1n } }],
	["spec.constraints.min_parameter_count", { ...SPEC, constraints: { minParameterCount: -5n } }],
	["spec.constraints.max_flop_count", { ...SPEC, constraints: { maxFlopCount: 1n } }],
	["spec.constraints.max_parameter_count", { ...SPEC, constraints: { maxParameterCount: 100n } }],
	[
		"spec.constraints.max_mac_count",
		{ ...SPEC, constraints: { minMacCount: 9_000_000n, maxMacCount: 8_000_000n } },
	],
	["spec.candidates", { ...SPEC, candidates: 0 }],
	["spec.candidates", { ...SPEC, candidates: 1001 }],
	["spec.top_k", { ...SPEC, topK: 7 }],
	["spec.top_k", { ...SPEC, topK: 0 }],
	["spec.temperature", { ...SPEC, temperature: Number.NaN }],
	["spec.temperature", { ...SPEC, temperature: -1 }],
	["spec.cell_generator", { ...SPEC, cellGenerator: "score" }],
])("a request is refused for %s", async (field, spec) => {
	expectRefusal(await generate(spec), status.INVALID_ARGUMENT, field);
});

const CELL = {
	operations: [{ type: common.OperationType.OPERATION_TYPE_CONV, kernel: 3 }],
	edges: [
		{ from: 0, to: 1 },
		{ from: 1, to: 2 },
	],
};
type Synonyms = Parameters<typeof orchestrator.SampleSynonymsRequest.fromPartial>[0];
test.each<[string, Synonyms]>([
	["cell", {}],
	["cell.operations[0].kernel", { cell: { ...CELL, operations: [{ ...CELL.operations[0]!, kernel: 2 }] } }],
	["count", { cell: CELL, count: 0 }],
	["count", { cell: CELL, count: 1001 }],
	["temperature", { cell: CELL, temperature: 0 }],
	["temperature", { cell: CELL, temperature: Number.NaN }],
	["cell_generator", { cell: CELL, cellGenerator: "flwo" }],
])("synonyms are refused for %s", async (field, request) => {
	const failure = await failureOf((reply: Reply<orchestrator.SampleSynonymsResponse>) =>
		networks.sampleSynonyms(orchestrator.SampleSynonymsRequest.fromPartial(request), reply),
	);
	expectRefusal(failure, status.INVALID_ARGUMENT, field);
});

test("an unknown cell generator is answered with those there are", async () => {
	const { details } = await generate({ ...SPEC, cellGenerator: "flwo" });
	expect(details).toContain('"flwo"');
	expect(details).toContain("flow, random");
});

test("a job is refused for an unknown cell generator, with those there are, and for one beside random cells", async () => {
	const jobs = new orchestrator.EvolutionJobServiceClient(services.orchestrator.address, insecure);
	const create = (spec: Parameters<typeof orchestrator.EvolutionJobSpec.fromPartial>[0]) =>
		failureOf((reply: Reply<orchestrator.CreateEvolutionJobResponse>) =>
			jobs.createEvolutionJob(
				orchestrator.CreateEvolutionJobRequest.fromPartial({ evolutionJob: { spec }, validateOnly: true }),
				reply,
			),
		);
	const spec = { inputSize: 32, classCount: 10, cellGenerator: "flwo" };
	const unknown = await create(spec);
	expectRefusal(unknown, status.INVALID_ARGUMENT, "evolution_job.spec.cell_generator");
	expect(unknown.details).toContain("flow, random");
	const both = await create({ ...spec, cells: orchestrator.CellOrigin.CELL_ORIGIN_RANDOM });
	expectRefusal(both, status.INVALID_ARGUMENT, "evolution_job.spec.cell_generator");
	jobs.close();
});

test("a version that nobody serves is a failed precondition", async () => {
	expectRefusal(
		await generate({ ...SPEC, modelVersion: "9" }),
		status.FAILED_PRECONDITION,
		"spec.model_version",
	);
});

const { OPERATION_TYPE_CONV, OPERATION_TYPE_UNSPECIFIED } = common.OperationType;
const conv = { type: OPERATION_TYPE_CONV, kernel: 3 };
const line = [
	{ from: 0, to: 1 },
	{ from: 1, to: 2 },
];
/** Cells that are none, with the field that says so. */
const BAD_CELLS: [string, string, Parameters<typeof common.Cell.fromPartial>[0]][] = [
	[
		"an unknown operation",
		"operations[0].type",
		{ operations: [{ type: OPERATION_TYPE_UNSPECIFIED, kernel: 3 }], edges: line },
	],
	[
		"an operation of the future",
		"operations[0].type",
		{ operations: [{ type: 99 as common.OperationType, kernel: 3 }], edges: line },
	],
	["a kernel of 2", "operations[0].kernel", { operations: [{ ...conv, kernel: 2 }], edges: line }],
	[
		"a cycle",
		"edges",
		{ operations: [conv, conv], edges: [...line, { from: 2, to: 1 }, { from: 2, to: 3 }] },
	],
	["no way to the output", "edges", { operations: [conv], edges: [{ from: 0, to: 1 }] }],
	[
		"an edge to nowhere",
		"edges[1]",
		{
			operations: [conv],
			edges: [
				{ from: 0, to: 1 },
				{ from: 1, to: 9 },
			],
		},
	],
	["seven operations", "operations", { operations: Array.from({ length: 7 }, () => conv), edges: line }],
];

const stage = (cell: Parameters<typeof common.Cell.fromPartial>[0]) => ({
	cell,
	channels: 16,
	stride: 1,
	repeats: 1,
});
const network = {
	inputSize: 32,
	classCount: 10,
	stem: { channels: 16, stride: 1 },
	stages: [stage({ operations: [conv], edges: line })],
	finalChannels: 64,
};

/** Networks that are none, with the field that says so. */
const BAD_NETWORKS: [string, string, Parameters<typeof common.Network.fromPartial>[0]][] = [
	...BAD_CELLS.map(
		([what, field, cell]) =>
			[what, `stages[0].cell.${field}`, { ...network, stages: [stage(cell)] }] as [
				string,
				string,
				typeof network,
			],
	),
	[
		"channels not a multiple of 8",
		"stages[0].channels",
		{ ...network, stages: [{ ...network.stages[0]!, channels: 12 }] },
	],
	["no stage", "stages", { ...network, stages: [] }],
	["no stem", "stem", { ...network, stem: undefined }],
	["0 classes", "class_count", { ...network, classCount: 0 }],
	["a stride of 3", "stages[0].stride", { ...network, stages: [{ ...network.stages[0]!, stride: 3 }] }],
	[
		"21 cells",
		"stages",
		{ ...network, stages: Array.from({ length: 6 }, () => ({ ...network.stages[0]!, repeats: 4 })) },
	],
];

test.each(BAD_NETWORKS)("a network with %s is not exported", async (_, field, bad) => {
	const request = orchestrator.ExportNetworkRequest.fromPartial({
		network: bad,
		formats: [orchestrator.ExportFormat.EXPORT_FORMAT_ONNX],
	});
	const failure = await new Promise<ServiceError>((resolve) => {
		networks
			.exportNetwork(request)
			.on("data", () => {})
			.on("error", (error) => resolve(error as ServiceError));
	});
	expectRefusal(failure, status.INVALID_ARGUMENT, `network.${field}`);
});

const settings = { proxies: ["parameters"], batchSize: 4 };
const evaluate = (
	request: Parameters<typeof zcproxy.EvaluateBatchRequest.fromPartial>[0],
	reply: Reply<zcproxy.EvaluateBatchResponse>,
) => proxies.evaluateBatch(zcproxy.EvaluateBatchRequest.fromPartial({ settings, ...request }), reply);

test("what is wrong with one item is its result", async () => {
	const items = [
		...BAD_CELLS.map(([, , cell]) => ({ subject: { $case: "cell" as const, value: cell! } })),
		...BAD_NETWORKS.map(([, , value]) => ({ subject: { $case: "network" as const, value: value! } })),
	];
	const { results } = await new Promise<zcproxy.EvaluateBatchResponse>((resolve, reject) => {
		evaluate({ items }, (failure, reply) => (failure ? reject(failure) : resolve(reply)));
	});
	const fields = [
		...BAD_CELLS.map(([, field], i) => `items[${i}].cell.${field}`),
		...BAD_NETWORKS.map(([, field], i) => `items[${BAD_CELLS.length + i}].network.${field}`),
	];
	results.forEach(({ outcome }, i) => {
		expect(outcome).toMatchObject({
			$case: "error",
			value: { code: status.INVALID_ARGUMENT, violations: [{ field: fields[i] }] },
		});
	});
});

const one = { subject: { $case: "network" as const, value: network } };

test.each<[string, Parameters<typeof zcproxy.EvaluateBatchRequest.fromPartial>[0]]>([
	["items", { items: [] }],
	["items", { items: Array.from({ length: 65 }, () => one) }],
	["settings.batch_size", { items: [one], settings: { ...settings, batchSize: 100_000 } }],
	["settings.proxies[0]", { items: [one], settings: { ...settings, proxies: ["accuracy"] } }],
])("an evaluation is refused for %s", async (field, request) => {
	expectRefusal(
		await failureOf((reply: Reply<zcproxy.EvaluateBatchResponse>) => evaluate(request, reply)),
		status.INVALID_ARGUMENT,
		field,
	);
});

test("numbers that are none are refused by the models", async () => {
	const latent = { values: [Number.NaN, ...Array.from({ length: 7 }, () => 0)] };
	const decode = await failureOf((reply: Reply<gvae.DecodeLatentsResponse>) =>
		cells.decodeLatents(gvae.DecodeLatentsRequest.fromPartial({ latents: [latent] }), reply),
	);
	expectRefusal(decode, status.INVALID_ARGUMENT, "latents[0].values");
});

test("a message that is too large is refused", async () => {
	const items = Array.from({ length: 64 }, () => ({ ...one, itemId: "x".repeat(100_000) }));
	const failure = await failureOf((reply: Reply<zcproxy.EvaluateBatchResponse>) =>
		evaluate({ items }, reply),
	);
	expect(status[failure.code]).toBe("RESOURCE_EXHAUSTED");
});

test("a missing model is a failed precondition, said by name to whoever asks", async () => {
	const empty = mkdtempSync(join(tmpdir(), "archgen-empty-"));
	const started: ServiceProcess[] = [];
	const clients: Client[] = [];
	try {
		started.push(await startProcess("seqgen", "--models", empty));
		started.push(
			await startProcess("orchestrator", "--models", empty, "--upstream-seqgen", started[0]!.address),
		);
		const client = new orchestrator.OrchestratorServiceClient(started[1]!.address, insecure);
		clients.push(client);
		const request = orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec: SPEC });
		const failure = await failureOf((reply: Reply<orchestrator.GenerateNetworksUnaryResponse>) =>
			client.generateNetworksUnary(request, reply),
		);
		expect(status[failure.code]).toBe("FAILED_PRECONDITION");
		expect(statusToError(failure).reason).toBe("MODEL_NOT_FOUND");
		expect(failure.details).toContain("no model default");
		for (const { log } of started) {
			expect(log()).not.toContain('"level":"error"');
		}
	} finally {
		for (const client of clients) {
			client.close();
		}
		await Promise.all(started.map((service) => service.stop()));
		rmSync(empty, { recursive: true });
	}
});

test("nothing of this was logged as a crash", () => {
	for (const { log } of Object.values(services.all)) {
		expect(log()).not.toMatch(/"level":"(error|fatal)"|\n {4}at /);
	}
});
