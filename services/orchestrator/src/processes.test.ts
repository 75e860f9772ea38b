import { setTimeout as sleep } from "node:timers/promises";
import { countOnnx, networkToProject } from "@archgen/exporters";
import { peakActivationBytes } from "@archgen/latency";
import { FolderModelStore } from "@archgen/models";
import { createRandom } from "@archgen/random";
import { createClient, orchestrator, statusToError, zcproxy } from "@archgen/rpc";
import { countNetwork, randomCell } from "@archgen/search-space";
import { cellFromMessage, cellToMessage, evaluateNetwork, networkFromMessage } from "@archgen/wire";
import { credentials, Metadata } from "@grpc/grpc-js";
import { unzipSync } from "fflate";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putSample, writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { startCollector } from "../testing/collector.js";
import { startAll, startMain } from "../testing/service-processes.js";

// Five processes and a client of grpc-js alone: nothing here knows how the services are made.
let models: Awaited<ReturnType<typeof writeSampleStore>>;
let services: Awaited<ReturnType<typeof startAll>>;
let client: orchestrator.OrchestratorServiceClient;
let collector: Awaited<ReturnType<typeof startCollector>>;
beforeAll(async () => {
	collector = await startCollector();
	// The services are started with these.
	Object.assign(process.env, {
		OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
		OTEL_BSP_SCHEDULE_DELAY: "100",
	});
	models = await writeSampleStore();
	services = await startAll(
		models.folder,
		"--scoring-pixels",
		"8192",
		"--scoring-max-input-size",
		"32",
		"--gate-candidates",
		"2",
	);
	client = new orchestrator.OrchestratorServiceClient(
		services.orchestrator.address,
		credentials.createInsecure(),
	);
});
afterAll(async () => {
	client?.close();
	expect(await services?.stop()).toEqual([0, 0, 0, 0, 0]);
	await collector?.stop();
	await models?.remove();
});

type Spec = Parameters<typeof orchestrator.GenerationSpec.fromPartial>[0];
const SPEC = { inputSize: 32, classCount: 10, candidates: 6, topK: 3, seed: 1n };

/** Progress and result of a streamed generation. */
async function stream(spec: Spec) {
	const progress: orchestrator.GenerationProgress[] = [];
	let result: orchestrator.GenerationResult | undefined;
	const request = orchestrator.GenerateNetworksRequest.fromPartial({ spec, requestId: "r1" });
	for await (const message of client.generateNetworks(request)) {
		const { event, requestId } = message as orchestrator.GenerateNetworksResponse;
		expect(requestId).toBe("r1");
		expect(result).toBeUndefined();
		if (event?.$case === "progress") {
			progress.push(event.value);
		} else {
			result = event?.value;
		}
	}
	return { progress, result: result! };
}

function unary(spec: Spec): Promise<orchestrator.GenerationResult> {
	const request = orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec });
	return new Promise((resolve, reject) => {
		client.generateNetworksUnary(request, (failure, reply) =>
			failure ? reject(failure) : resolve(reply.result!),
		);
	});
}

/** The files of an export, put together from their pieces. */
async function exportAll(request: Parameters<typeof orchestrator.ExportNetworkRequest.fromPartial>[0]) {
	const pieces = new Map<string, Buffer[]>();
	for await (const piece of client.exportNetwork(orchestrator.ExportNetworkRequest.fromPartial(request))) {
		const { fileName, content, sizeBytes, offsetBytes } = piece as orchestrator.ExportNetworkResponse;
		const before = pieces.get(fileName) ?? [];
		const offset = before.reduce((sum, { length }) => sum + length, 0);
		expect(Number(offsetBytes)).toBe(offset);
		expect(offset + content.length).toBeLessThanOrEqual(Number(sizeBytes));
		pieces.set(fileName, [...before, content]);
	}
	return new Map([...pieces].map(([name, contents]) => [name, Buffer.concat(contents)]));
}

test("networks come back inside their bounds, recounted from the exported ONNX file", async () => {
	const constraints = { maxFlopCount: 60_000_000n, minMacCount: 1000n, maxParameterCount: 2_000_000n };
	const { progress, result } = await stream({ ...SPEC, constraints });
	expect(result.reason).toBe("");
	expect(result.networks.length).toBeGreaterThan(0);
	expect(progress.at(-1)?.step).toBe(orchestrator.GenerationStep.GENERATION_STEP_SCORING);
	const scores = result.networks.map(({ scores }) => scores.tcet_train!);
	expect(scores).toEqual([...scores].sort((a, b) => b - a));
	for (const { network, counts, margins } of result.networks) {
		const files = await exportAll({ network, formats: [orchestrator.ExportFormat.EXPORT_FORMAT_ONNX] });
		const recounted = countOnnx(new Uint8Array(files.get("network.onnx")!));
		expect(recounted).toMatchObject(countNetwork(networkFromMessage(network!, "network")));
		expect(BigInt(recounted.flopCount)).toBe(counts?.flopCount);
		expect(recounted.flopCount).toBeLessThanOrEqual(Number(constraints.maxFlopCount));
		expect(recounted.macCount).toBeGreaterThanOrEqual(Number(constraints.minMacCount));
		expect(recounted.parameterCount).toBeLessThanOrEqual(Number(constraints.maxParameterCount));
		expect(margins).toHaveLength(3);
		expect(margins.every(({ relativeMargin }) => relativeMargin >= 0)).toBe(true);
	}
	expect(Object.keys(result.provenance?.modelVersions ?? {}).sort()).toEqual(["ccnf", "gvae", "seqgen"]);
	expect(result.provenance).toMatchObject({ seed: 1n, batchSize: 8, scoringInputSize: 32 });
	expect(result.provenance?.cellGenerator).toBe("flow");
});

test("candidates outside the bounds are shown where they are asked for", async () => {
	const spec = { ...SPEC, skipScoring: true, constraints: { minFlopCount: 3_000_000_000n } };
	expect((await unary(spec)).outside).toEqual([]);
	const { outside, networks } = await unary({ ...spec, outsideLimit: 5 });
	expect(networks.length + outside.length).toBeGreaterThan(0);
	expect(outside.length).toBeLessThanOrEqual(5);
	for (const { counts, margins, network, peakActivationBytes: bytes } of outside) {
		expect(counts!.flopCount).toBeLessThan(3_000_000_000n);
		expect(margins[0]!.relativeMargin).toBeLessThan(0);
		expect(Number(bytes)).toBe(peakActivationBytes(networkFromMessage(network!, "network")));
	}
	for (const { network, peakActivationBytes: bytes } of networks)
		expect(Number(bytes)).toBe(peakActivationBytes(networkFromMessage(network!, "network")));
	await expect(unary({ ...spec, outsideLimit: 201 })).rejects.toThrow(/outside_limit/);
});

test("a project is an archive with what export --format project writes", async () => {
	const { networks } = await unary({
		...SPEC,
		skipScoring: true,
		constraints: { maxFlopCount: 60_000_000n },
	});
	const { network, margins } = networks[0]!;
	const formats = [orchestrator.ExportFormat.EXPORT_FORMAT_PROJECT];
	const known = { scores: { tcet: 123.5 }, margins, provenance: { seed: "1 | 2" } };
	const files = await exportAll({ network, formats, ...known });
	const unpacked = unzipSync(files.get("network.zip")!);
	const text = (name: string) => new TextDecoder().decode(unpacked[`network/${name}`]);
	const expected = networkToProject(networkFromMessage(network!, "network"));
	for (const [name, content] of expected) if (name !== "README.md") expect(text(name)).toBe(content);
	expect(Object.keys(unpacked)).toHaveLength(expected.size);
	expect(text("README.md")).toContain("| `tcet` | 123.500 |");
	expect(text("README.md")).toContain("| `maxFlopCount` | 60,000,000 |");
	expect(text("README.md")).toContain("seed 1   2");
	const long = exportAll({ network, formats, provenance: { text: "x".repeat(201) } });
	await expect(long).rejects.toThrow(/provenance/);
});

test("a request names the generator of its cells", async () => {
	const spec = { ...SPEC, skipScoring: true };
	const own = await unary({ ...spec, cellGenerator: "flow" });
	expect(own.networks).toEqual((await unary(spec)).networks);
	const random = await unary({ ...spec, cellGenerator: "random" });
	expect(random.networks.length).toBeGreaterThan(0);
	expect(random.networks).not.toEqual(own.networks);
	expect(random.provenance).toMatchObject({ cellGenerator: "random" });
	expect(Object.keys(random.provenance!.modelVersions)).toEqual(["seqgen"]);
});

test("synonyms of a cell are distinct cells, nearest first, by every generator", async () => {
	const cell = cellToMessage(randomCell(createRandom(3)));
	const ask = (cellGenerator: string, seed = 1n) => {
		const message = { cell, count: 5, cellGenerator, seed };
		const request = orchestrator.SampleSynonymsRequest.fromPartial(message);
		return new Promise<orchestrator.SampleSynonymsResponse>((resolve, reject) => {
			client.sampleSynonyms(request, (failure, reply) => (failure ? reject(failure) : resolve(reply)));
		});
	};
	for (const generator of ["flow", "random"]) {
		const { synonyms, cellGenerator, modelVersions } = await ask(generator);
		expect(cellGenerator).toBe(generator);
		expect(Object.keys(modelVersions)).toContain("gvae");
		const distances = synonyms.map(({ distance }) => distance);
		expect(distances).toEqual([...distances].sort((a, b) => a - b));
		const hashes = synonyms.map((synonym) => cellFromMessage(synonym.cell!, "cell").hash);
		expect(new Set([...hashes, cell.hash]).size).toBe(hashes.length + 1);
		expect((await ask(generator)).synonyms).toEqual(synonyms);
	}
	const { synonyms } = await ask("random");
	expect(synonyms).toHaveLength(5);
	expect((await ask("random", 2n)).synonyms).not.toEqual(synonyms);
});

test("a model lists its generators", async () => {
	const request = orchestrator.GetModelRequest.fromPartial({ name: "models/default/versions/1" });
	const { model } = await new Promise<orchestrator.GetModelResponse>((resolve, reject) => {
		client.getModel(request, (failure, reply) => (failure ? reject(failure) : resolve(reply)));
	});
	expect(model?.generators).toMatchObject([
		{ name: "flow", kind: "flow", space: "cells" },
		{ name: "gpt-neo", kind: "gpt-neo", space: "hierarchical" },
	]);
	const paths = model!.files.map(({ path }) => path);
	for (const { files } of model!.generators) expect(paths).toEqual(expect.arrayContaining(files));
});

test("a score can be computed again from what the answer says", async () => {
	const { networks, provenance } = await unary({
		...SPEC,
		...{ inputSize: 48, candidates: 2, topK: 1, constraints: { maxFlopCount: 60_000_000n } },
	});
	const { seed, batchSize, scoringInputSize: size } = provenance!;
	expect(size).toBe(32);
	const network = networkFromMessage(networks[0]!.network!, "network");
	const zcProxy = createClient(zcproxy.ZcProxyServiceService, { address: services["zc-proxy"].address });
	const proxies = ["tcet_train", "tcet", "naswot", "snip_ssnr"];
	const scaled = { ...network, input: { ...network.input, size } };
	const outcome = await evaluateNetwork(zcProxy, scaled, { proxies, batchSize, seed });
	zcProxy.close();
	expect(outcome).toMatchObject({ $case: "score", value: { dataIdentity: provenance!.dataIdentity } });
	const { values } = outcome!.value as zcproxy.Score;
	const byName = Object.entries(values).map(([name, { outcome }]) => [name, outcome?.value]);
	expect(Object.fromEntries(byName)).toEqual(networks[0]!.scores);
});

const M = 1_000_000n;
test.each<[number, number, NonNullable<Spec>["constraints"]]>([
	[16, 2, { maxFlopCount: 20n * M }],
	[32, 100, { maxMacCount: 60n * M }],
	[64, 1000, { maxParameterCount: 3n * M, minFlopCount: 10n * M }],
	[224, 1000, { maxFlopCount: 450n * M, maxMacCount: 200n * M, maxParameterCount: 2n * M }],
	[512, 10, { maxFlopCount: 3000n * M, minMacCount: 20n * M, minParameterCount: 2000n }],
	[
		48,
		100_000,
		{
			minFlopCount: M,
			maxFlopCount: 300n * M,
			minMacCount: M,
			maxMacCount: 100n * M,
			maxParameterCount: 20n * M,
		},
	],
	[33, 7, {}],
])("%i pixels, %i classes, bounds %o: every network recounted within them", async (inputSize, classCount, constraints) => {
	const spec = { ...SPEC, inputSize, classCount, candidates: 12, topK: 3, skipScoring: true, constraints };
	const { networks, reason } = await unary(spec);
	expect(networks.length, reason).toBeGreaterThan(0);
	for (const { network } of networks) {
		expect(network).toMatchObject({ inputSize, classCount });
		const files = await exportAll({ network, formats: [orchestrator.ExportFormat.EXPORT_FORMAT_ONNX] });
		const recounted = countOnnx(new Uint8Array(files.get("network.onnx")!));
		for (const [name, bound] of Object.entries(constraints ?? {}) as [string, bigint][]) {
			const [, side, first, rest] = /^(max|min)(.)(.*)$/.exec(name)!;
			const count = BigInt(recounted[`${first!.toLowerCase()}${rest}` as "flopCount"]);
			expect(side === "max" ? count <= bound : count >= bound, `${name} ${bound}, but ${count}`).toBe(true);
		}
	}
});

test("the same seed gives the same networks, streamed or not", async () => {
	const spec = { ...SPEC, skipScoring: true, constraints: { maxFlopCount: 60_000_000n } };
	const [first, second, other] = [
		await unary(spec),
		(await stream(spec)).result,
		await unary({ ...spec, seed: 2n }),
	];
	expect(first.networks).toEqual(second.networks);
	expect(first.networks).not.toEqual(other.networks);
	expect(first.networks.every(({ scores }) => Object.keys(scores).length === 0)).toBe(true);
	expect(first.provenance).toMatchObject({ batchSize: 0, dataIdentity: "" });
});

test("bounds that nothing meets are a result with a reason", async () => {
	const result = await unary({
		...SPEC,
		constraints: { maxFlopCount: 600_000n, minParameterCount: 50_000_000n },
	});
	expect(result.networks).toEqual([]);
	expect(result.reason).not.toBe("");
	expect(result.closest?.margins.some(({ relativeMargin }) => relativeMargin < 0)).toBe(true);
});

test("every format is exported, in pieces", async () => {
	const { networks } = await unary({
		...SPEC,
		skipScoring: true,
		constraints: { maxFlopCount: 60_000_000n },
	});
	const { ExportFormat } = orchestrator;
	const formats = [
		ExportFormat.EXPORT_FORMAT_ONNX,
		ExportFormat.EXPORT_FORMAT_PYTORCH,
		ExportFormat.EXPORT_FORMAT_JSON,
		ExportFormat.EXPORT_FORMAT_SVG,
	];
	const files = await exportAll({ network: networks[0]!.network, formats });
	expect([...files.keys()]).toEqual(["network.onnx", "network.py", "network.json", "network.svg"]);
	const twice = exportAll({ network: networks[0]!.network, formats: [formats[0]!, formats[0]!] });
	expect(statusToError(await twice.catch((error) => error)).violations[0]?.field).toBe("formats[1]");
});

test("an export that is too large is refused with the figure, and files without weights still come", async () => {
	const { networks } = await unary({ ...SPEC, candidates: 1, topK: 1, skipScoring: true });
	const network = { ...networks[0]!.network!, classCount: 100_000, finalChannels: 1024 };
	const { EXPORT_FORMAT_ONNX, EXPORT_FORMAT_JSON } = orchestrator.ExportFormat;
	const large = exportAll({ network, formats: [EXPORT_FORMAT_ONNX] });
	expect(statusToError(await large.catch((error) => error))).toMatchObject({
		category: "INVALID_ARGUMENT",
		reason: "EXPORT_TOO_LARGE",
		message: expect.stringMatching(/weights of \d+ MiB, .* at most 100 MiB/),
	});
	expect([...(await exportAll({ network, formats: [EXPORT_FORMAT_JSON] })).keys()]).toEqual(["network.json"]);
	const small = Array.from({ length: 8 }, () =>
		exportAll({ network: networks[0]!.network!, formats: [EXPORT_FORMAT_JSON] }),
	);
	const contents = (await Promise.all(small)).map((files) => files.get("network.json")!.toString());
	expect(new Set(contents).size).toBe(1);
});

test("restarts of the services behind it are bridged inside the caller's deadline", async () => {
	const spec = { ...SPEC, candidates: 2, topK: 2 };
	const undisturbed = (await unary(spec)).networks;
	for (const name of ["seqgen", "ccnf", "gvae", "zc-proxy"] as const) {
		const before = services.all[name];
		before.process.kill("SIGKILL");
		const answer = unary(spec);
		await sleep(300);
		const own = name === "zc-proxy" ? ["--workers", "1"] : ["--models", models.folder];
		const port = before.address.split(":")[1]!;
		services.all[name] = await startMain(new URL(`../../${name}/dist/main.js`, import.meta.url), [
			"--port",
			port,
			...own,
		]);
		expect((await answer).networks, name).toEqual(undisturbed);
	}
}, 180_000);

test("models are listed and described", async () => {
	const list = await new Promise<orchestrator.ListModelsResponse>((resolve, reject) => {
		client.listModels({ pageSize: 1, pageToken: "" }, (failure, reply) =>
			failure ? reject(failure) : resolve(reply),
		);
	});
	expect(list.models).toMatchObject([
		{ name: "models/default/versions/1", labels: ["default"], metrics: { loss: 1 } },
	]);
	expect(list.nextPageToken).toBe("");
	const get = (name: string) =>
		new Promise((resolve) => {
			client.getModel({ name }, (failure, reply) =>
				resolve(failure ? statusToError(failure).category : reply.model?.name),
			);
		});
	expect(await get("models/default/versions/default")).toBe("models/default/versions/1");
	expect(await get("models/default/versions/7")).toBe("NOT_FOUND");
	expect(await get("default")).toBe("INVALID_ARGUMENT");
});

test("ten swaps of the served version under 20 requests a second: no request fails, none is mixed", async () => {
	const admin = createClient(orchestrator.OrchestratorServiceService, {
		address: services.orchestrator.address,
	});
	const store = new FolderModelStore(models.folder);
	await putSample(store, "2");
	const name = (version: string) => `models/default/versions/${version}`;
	await expect(admin.rollbackModel({ name: "models/default" })).rejects.toMatchObject({
		reason: "NOTHING_TO_ROLL_BACK",
	});
	await expect(admin.promoteModel({ name: name("9"), ifNotWorse: false })).rejects.toMatchObject({
		reason: "MODEL_NOT_FOUND",
	});
	const answers: Promise<orchestrator.GenerationResult>[] = [];
	let inFlight = 0;
	const load = setInterval(() => {
		// On a busy machine fewer: the service refuses what is too much for it, and that is not what this is about.
		if (inFlight >= 20) return;
		const seed = BigInt(answers.length);
		inFlight += 1;
		const answer = unary({ ...SPEC, candidates: 1, topK: 1, skipScoring: true, seed });
		answers.push(answer.finally(() => inFlight--));
	}, 50);
	for (let swap = 0; swap < 10; swap++) {
		const version = swap % 2 === 0 ? "2" : "1";
		const reply = await (swap === 9
			? admin.rollbackModel({ name: "models/default" })
			: admin.promoteModel({ name: name(version), ifNotWorse: false }));
		expect(reply.model?.name).toBe(name(version));
		await sleep(200);
	}
	clearInterval(load);
	const versions = (await Promise.all(answers)).map(({ provenance }) =>
		Object.values(provenance!.modelVersions).map(({ version }) => version),
	);
	expect(versions.length).toBeGreaterThan(20);
	for (const parts of versions) expect(new Set(parts).size).toBe(1);
	expect(new Set(versions.flat())).toEqual(new Set(["1", "2"]));
	admin.close();
}, 180_000);

test("a version is compared with the one that answers, and refused when it has forgotten or finds worse networks", async () => {
	const admin = createClient(orchestrator.OrchestratorServiceService, {
		address: services.orchestrator.address,
	});
	const store = new FolderModelStore(models.folder);
	const served = await store.open("default", { label: "default" });
	const contents = served.manifest.files.map(({ path }) => ({ path, from: served.locate(path) }));
	const put = (version: string, before: number, after: number) =>
		store.put(
			{
				name: "default",
				version,
				trainedOn: { refresh: { base: served.manifest.version } },
				metrics: { "seqgen.heldOutLossOfBase": before, "seqgen.heldOutLoss": after },
			},
			contents,
		);
	await put("forgetful", 1, 1.5);
	await put("twin", 1, 0.9);
	const promote = (version: string) =>
		admin.promoteModel({ name: `models/default/versions/${version}`, ifNotWorse: true });
	await expect(promote("forgetful")).rejects.toMatchObject({
		category: "FAILED_PRECONDITION",
		reason: "WORSE_THAN_SERVED",
		message: expect.stringContaining("rose from 1.000 to 1.500"),
	});
	expect(await store.labelled("default", "default")).toBe(served.manifest.version);
	const { comparisons, previousVersion } = await promote("twin");
	expect(previousVersion).toBe(served.manifest.version);
	expect(comparisons).toHaveLength(5);
	for (const { before, after } of comparisons) expect(after).toBe(before);
	expect(comparisons.some(({ before }) => before !== undefined)).toBe(true);
	await admin.rollbackModel({ name: "models/default" });
	admin.close();
}, 300_000);

test("nothing of this was logged as a crash", () => {
	for (const { log } of Object.values(services.all)) {
		expect(log()).not.toContain('"level":"error"');
	}
});

test("one trace leads from the caller through all five services and the steps of each", async () => {
	const [traceId, caller] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
	const metadata = new Metadata();
	metadata.set("traceparent", `00-${traceId}-${caller}-01`);
	metadata.set("x-request-id", "traced");
	const spec = { ...SPEC, seed: 77n };
	const request = orchestrator.GenerateNetworksUnaryRequest.fromPartial({ spec });
	await new Promise<void>((resolve, reject) => {
		client.generateNetworksUnary(request, metadata, (failure) => (failure ? reject(failure) : resolve()));
	});
	const own = () => collector.spans.filter((span) => span.traceId === traceId);
	const isWhole = () => {
		const ids = new Set([caller, ...own().map(({ spanId }) => spanId)]);
		const services = new Set(own().map(({ service }) => service));
		return services.size === 5 && own().every(({ parentSpanId }) => ids.has(parentSpanId));
	};
	while (!isWhole()) await sleep(50);
	expect([...new Set(own().map(({ service }) => service))].sort()).toEqual(
		["ccnf", "gvae", "orchestrator", "seqgen", "zc-proxy"].sort(),
	);
	const steps = new Set(own().map(({ service, name }) => `${service} ${name}`));
	for (const step of [
		"orchestrator sequences",
		"orchestrator cells",
		"orchestrator counting",
		"orchestrator scoring",
		"seqgen draw sequences",
		"ccnf draw latents",
		"gvae decode",
		"zc-proxy score",
	])
		expect(steps).toContain(step);
	expect(own().filter(({ parentSpanId }) => parentSpanId === caller)).toHaveLength(1);
	expect(services.orchestrator.log()).toContain(`"requestId":"traced","traceId":"${traceId}"`);
});
