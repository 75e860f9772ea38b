import {
	gatewayFlags,
	type ServiceGroup,
	type ServiceProcess,
	startGroup,
	startService,
} from "@archgen/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSampleStore } from "../../../../libs/models/testing/sample-bundle.js";
import { programOf } from "../services/programs.js";

const ORCHESTRATOR = "archgen.orchestrator.v1.OrchestratorService";
const SPEC = {
	inputSize: 32,
	classCount: 10,
	candidates: 3,
	topK: 1,
	constraints: { maxFlopCount: "100000000" },
};

let models: Awaited<ReturnType<typeof writeSampleStore>>;
let group: ServiceGroup;
let web: ServiceProcess;
beforeAll(async () => {
	models = await writeSampleStore();
	group = await startGroup({
		programOf,
		models: models.folder,
		model: "default",
		freePorts: true,
		logLevel: "error",
		workers: 1,
	});
	web = await startService(programOf("web"), [
		"--port",
		"0",
		"--log-level",
		"error",
		...gatewayFlags(group.addresses),
	]);
});
afterAll(async () => {
	await web.stop();
	await group.stop();
	await models.remove();
});

async function call(method: string, body: unknown, signal?: AbortSignal) {
	return fetch(`http://${web.address}/api/${method}`, {
		method: "POST",
		headers: { "content-type": "application/json" },
		body: JSON.stringify(body),
		...(signal ? { signal } : {}),
	});
}

/** The events of a stream, each with its name and data. */
async function events(reply: Response) {
	const blocks = (await reply.text()).split("\n\n").filter((block) => block.startsWith("event: "));
	return blocks.map((block) => {
		const [, name, data] = /^event: (.*)\ndata: (.*)$/.exec(block)!;
		return { name, data: JSON.parse(data!) };
	});
}

test("single messages are answered as JSON, by every service", async () => {
	const listed = await (await call(`${ORCHESTRATOR}/ListModels`, {})).json();
	expect(listed).toMatchObject({ models: [{ name: "models/default/versions/1", labels: ["default"] }] });
	const sampled = await (
		await call("archgen.gvae.v1.GvaeService/SampleCells", { count: 2, seed: "7" })
	).json();
	expect(sampled).toMatchObject({ results: [{}, {}], seed: "7" });
	const { proxies } = (await (await call("archgen.zcproxy.v1.ZcProxyService/ListProxies", {})).json()) as {
		proxies: { name: string }[];
	};
	expect(proxies.map(({ name }) => name)).toContain("tcet");
	const health = await (await fetch(`http://${web.address}/health`)).json();
	expect(health).toMatchObject({
		services: { orchestrator: true, zcProxy: true, gvae: true, ccnf: true, seqgen: true },
	});
});

test("networks come as events and their files as pieces of base64", async () => {
	const reply = await call(`${ORCHESTRATOR}/GenerateNetworks`, { spec: { ...SPEC, skipScoring: true } });
	expect(reply.headers.get("content-type")).toContain("text/event-stream");
	const [end, last] = (await events(reply)).reverse();
	expect(end?.name).toBe("end");
	const { network, counts } = last!.data.result.networks[0];
	expect(Number(counts.flopCount)).toBeLessThanOrEqual(1e8);
	const exported = await events(
		await call(`${ORCHESTRATOR}/ExportNetwork`, { network, formats: ["EXPORT_FORMAT_SVG"] }),
	);
	const pieces = exported.filter(({ name }) => name === "message").map(({ data }) => data.content as string);
	expect(Buffer.concat(pieces.map((piece) => Buffer.from(piece, "base64"))).toString()).toMatch(/^<svg /);
});

test("a stream of requests is sent as an array and answered item by item", async () => {
	const cell = {
		operations: [{ type: "OPERATION_TYPE_CONV", kernel: 3 }],
		edges: [
			{ from: 0, to: 1 },
			{ from: 1, to: 2 },
		],
	};
	const settings = { proxies: ["naswot"], batchSize: 4, seed: "0" };
	const items = [{ settings, item: { itemId: "a", cell } }, { item: { itemId: "b", cell: {} } }];
	const answered = await events(await call("archgen.zcproxy.v1.ZcProxyService/EvaluateStream", items));
	const results = answered.filter(({ name }) => name === "message").map(({ data }) => data.result);
	const scored = results.find(({ itemId }) => itemId === "a");
	const failed = results.find(({ itemId }) => itemId === "b");
	expect(scored.score.values.naswot.value).toBeGreaterThan(0);
	expect(failed.error.reason).toMatch(/^[A-Z_]+$/);
});

test("a service's own complaint names the field and points into the request", async () => {
	const reply = await call(`${ORCHESTRATOR}/GenerateNetworks`, { spec: { ...SPEC, inputSize: 5 } });
	expect(reply.status).toBe(400);
	expect(await reply.json()).toMatchObject({
		title: "INVALID_ARGUMENT",
		errors: [
			{ field: "spec.input_size", pointer: "#/spec/inputSize", detail: expect.stringContaining("16") },
		],
	});
	const unknown = await call(`${ORCHESTRATOR}/GetModel`, { name: "models/default/versions/99" });
	expect(unknown.status).toBe(404);
});

test("a caller who leaves frees the scoring of the service", async () => {
	const gone = new AbortController();
	const spec = { ...SPEC, candidates: 60, constraints: {} };
	const reply = await call(`${ORCHESTRATOR}/GenerateNetworks`, { spec }, gone.signal);
	const reader = reply.body!.getReader();
	await reader.read();
	gone.abort();
	await expect(reader.read()).rejects.toThrow();
	// Sixty scores would keep the only worker busy for longer than this test may take.
	const one = await call(`${ORCHESTRATOR}/GenerateNetworksUnary`, { spec: { ...SPEC, candidates: 1 } });
	expect(await one.json()).toMatchObject({ result: { networks: [{}] } });
});
