import { DEFAULT_OBJECTIVE, OBJECTIVE_NAMES, PROXY_NAMES } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import {
	common,
	createClient,
	type RpcClient,
	type StartedService,
	statusToError,
	zcproxy,
} from "@archgen/rpc";
import { alphaNetwork, countNetwork, createCell, randomCell } from "@archgen/search-space";
import { cellToMessage, countsFromMessage, networkToMessage } from "@archgen/wire";
import { afterAll, beforeAll, expect, test } from "vitest";
import { zcProxySettings } from "./settings.js";
import { startZcProxy } from "./start.js";

type Client = RpcClient<typeof zcproxy.ZcProxyServiceService>;

let service: StartedService;
let client: Client;
beforeAll(async () => {
	service = await startZcProxy(
		zcProxySettings.parse({
			port: 0,
			workers: 1,
			queueSize: 6,
			logLevel: "silent",
			limits: { drainMs: 100 },
		}),
	);
	client = createClient(zcproxy.ZcProxyServiceService, { address: service.address });
});
afterAll(async () => {
	client.close();
	await service.stop();
});

const conv = createCell(
	[{ type: "conv", kernel: 1 }],
	[
		[0, 1],
		[1, 2],
	],
);
const settings = { proxies: ["naswot"], batchSize: 4, seed: 3n };
const item = (itemId: string, cell = conv) => ({
	itemId,
	subject: { $case: "cell" as const, value: cellToMessage(cell) },
});

function evaluate(request: Parameters<typeof zcproxy.EvaluateBatchRequest.fromPartial>[0]) {
	return client.evaluateBatch(zcproxy.EvaluateBatchRequest.fromPartial({ settings, ...request }));
}

function scoreOf(result: zcproxy.EvaluationResult | undefined): zcproxy.Score {
	if (result?.outcome?.$case !== "score") {
		throw new Error(`No score but ${JSON.stringify(result?.outcome)}`);
	}
	return result.outcome.value;
}

test("a cell is scored in its scoring network, with exact counts, the same each time", async () => {
	const first = await evaluate({ items: [item("a")], requestId: "r1" });
	const score = scoreOf(first.results[0]);
	expect(first.requestId).toBe("r1");
	expect(first.settings).toMatchObject({ ...settings, bnMode: zcproxy.BatchNormMode.BATCH_NORM_MODE_EVAL });
	expect(countsFromMessage(score.counts!)).toEqual(countNetwork(alphaNetwork(conv)));
	expect(score.values.naswot?.outcome).toMatchObject({ $case: "value" });
	expect(score.dataIdentity).toMatch(/^normal:/);
	const network = networkToMessage(alphaNetwork(conv));
	const second = await evaluate({ items: [{ itemId: "b", subject: { $case: "network", value: network } }] });
	expect(scoreOf(second.results[0]).values).toEqual(score.values);
});

test("items fail singly", async () => {
	const unknown = {
		itemId: "bad",
		subject: { $case: "cell" as const, value: common.Cell.fromPartial({ operations: [{}] }) },
	};
	const { results } = await evaluate({ items: [item("good"), unknown, { itemId: "none" }] });
	expect(results.map(({ itemId, index }) => [itemId, index])).toEqual([
		["good", 0],
		["bad", 1],
		["none", 2],
	]);
	scoreOf(results[0]);
	expect(results[1]?.outcome).toMatchObject({
		$case: "error",
		value: { reason: "UNKNOWN_OPERATION", violations: [{ field: "items[1].cell.operations[0].type" }] },
	});
	expect(results[2]?.outcome).toMatchObject({
		$case: "error",
		value: { violations: [{ field: "items[2].subject" }] },
	});
});

test.each([
	["items", { items: [] }],
	["items", { items: Array.from({ length: 65 }, () => item("x")) }],
	["settings.proxies[0]", { items: [item("x")], settings: { ...settings, proxies: ["magic"] } }],
	["settings.proxies", { items: [item("x")], settings: { ...settings, proxies: [] } }],
	["settings.batch_size", { items: [item("x")], settings: { ...settings, batchSize: 257 } }],
	["settings.bn_mode", { items: [item("x")], settings: { ...settings, bnMode: 9 } }],
])("a bad request names %s", async (field, request) => {
	const failure = statusToError(await evaluate(request).catch((error) => error));
	expect(failure.category).toBe("INVALID_ARGUMENT");
	expect(failure.violations[0]?.field).toBe(field);
});

test("more than the queue holds is refused with a retry delay", async () => {
	const items = Array.from({ length: 7 }, (_, index) => item(`${index}`));
	const failure = statusToError(await evaluate({ items }).catch((error) => error));
	expect(failure).toMatchObject({ category: "RESOURCE_EXHAUSTED", reason: "QUEUE_FULL" });
	expect(failure.retryAfterMs).toBeGreaterThanOrEqual(0);
});

test("a stream answers every item once, whatever its length", async () => {
	const requests = Array.from({ length: 20 }, (_, index) =>
		zcproxy.EvaluateStreamRequest.fromPartial({
			item: item(`${index}`, randomCell(createRandom(index % 2))),
			...(index === 0 ? { settings: { ...settings, proxies: ["parameters"] } } : {}),
		}),
	);
	const indexes: number[] = [];
	for await (const { result } of client.evaluateStream(requests)) {
		scoreOf(result);
		expect(result?.itemId).toBe(`${result?.index}`);
		indexes.push(result!.index);
	}
	expect(indexes.sort((a, b) => a - b)).toEqual(requests.map((_, index) => index));
});

test("a stream without settings is refused", async () => {
	const read = async () => {
		for await (const _ of client.evaluateStream([
			zcproxy.EvaluateStreamRequest.fromPartial({ item: item("a") }),
		])) {
			// Nothing comes.
		}
	};
	await expect(read()).rejects.toMatchObject({ violations: [{ field: "settings.proxies" }] });
});

test("cancelling frees the queue at once", async () => {
	const slow = { ...settings, proxies: ["tcet"], batchSize: 64 };
	const controller = new AbortController();
	const request = zcproxy.EvaluateBatchRequest.fromPartial({
		items: Array.from({ length: 6 }, (_, index) => item(`${index}`, randomCell(createRandom(7)))),
		settings: slow,
	});
	const call = client.evaluateBatch(request, { signal: controller.signal });
	setTimeout(() => controller.abort(), 150);
	await expect(call).rejects.toMatchObject({ category: "CANCELLED" });
	// Refused if a single place were still taken.
	await evaluate({
		items: Array.from({ length: 6 }, () => ({ ...item("x") })),
		settings: { ...settings, proxies: ["parameters"] },
	});
});

test("every proxy can be asked for, and one that fails says so alone", async () => {
	const all = { ...settings, proxies: [...PROXY_NAMES] };
	const { values } = scoreOf((await evaluate({ items: [item("all")], settings: all })).results[0]);
	expect(Object.keys(values).sort()).toEqual([...PROXY_NAMES].sort());
	for (const name of PROXY_NAMES) expect(values[name]?.outcome?.$case, name).toBe("value");
	const few = await evaluate({
		items: [item("few")],
		settings: { ...settings, proxies: ["zico", "l2_norm"], batchSize: 2 },
	});
	expect(scoreOf(few.results[0]).values).toMatchObject({
		zico: { outcome: { $case: "failure", value: { reason: "TOO_FEW_IMAGES" } } },
		l2_norm: { outcome: { $case: "value" } },
	});
});

test("the table of proxies is listed", async () => {
	const { proxies, objectives } = await client.listProxies({});
	expect(objectives[0]!.name).toBe(DEFAULT_OBJECTIVE);
	expect(objectives.map(({ name }) => name).sort()).toEqual([...OBJECTIVE_NAMES].sort());
	const measured = (found: { rankings: zcproxy.ProxyRanking[] } | undefined) =>
		found?.rankings.map(({ partial }) => partial?.value);
	expect(measured(proxies.find(({ name }) => name === "tcet"))).toEqual([0.55, 0.21, 0.42]);
	expect(measured(objectives.find(({ name }) => name === "az3"))).toEqual([0.79, 0.17, 0.16]);
	expect(measured(proxies.find(({ name }) => name === "zen"))).toEqual([]);
	expect(proxies.map(({ name }) => name)).toEqual(PROXY_NAMES);
	for (const { formula, source, description, cost, batchNorm } of proxies) {
		for (const text of [formula, source, description]) expect(text).not.toBe("");
		expect(cost).toBeGreaterThan(0);
		expect(batchNorm).toBeGreaterThan(0);
	}
	expect(proxies.find(({ name }) => name === "parameters")).toMatchObject({
		needsData: false,
		needsGradient: false,
	});
	expect(proxies.find(({ name }) => name === "tcet")).toMatchObject({
		direction: zcproxy.ProxyDirection.PROXY_DIRECTION_MAXIMIZE,
		needsGradient: true,
	});
});
