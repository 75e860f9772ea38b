import { afterEach, expect, test } from "vitest";
import { startSample } from "../testing/sample-server.js";
import { createClient, ServiceMetrics, serveMetrics, zcproxy } from "./index.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

test("calls, their time and the process are told, on GET and HEAD", async () => {
	const metrics = new ServiceMetrics();
	metrics.counter("archgen_sum_total", "A sum.", () => 7);
	const served = await serveMetrics(metrics, { metricsHost: "127.0.0.1", metricsPort: 0 });
	const { server } = await startSample({}, { observe: metrics.observe });
	const client = createClient(zcproxy.ZcProxyServiceService, { address: server.address });
	cleanups.push(
		() => server.stop(),
		() => served.stop(),
		() => client.close(),
	);
	await client.listProxies({});
	await expect(
		client.evaluateBatch(zcproxy.EvaluateBatchRequest.fromPartial({ requestId: "\0" })),
	).rejects.toThrow();
	const url = `http://${served.address}/metrics`;
	const text = await (await fetch(url)).text();
	const method = (name: string) => `method="/archgen.zcproxy.v1.ZcProxyService/${name}"`;
	expect(text).toContain(`archgen_rpc_calls_total{${method("ListProxies")},code="OK"} 1`);
	expect(text).toContain(`archgen_rpc_calls_total{${method("EvaluateBatch")},code="INVALID_ARGUMENT"} 1`);
	expect(text).toContain(`archgen_rpc_duration_seconds_count{${method("ListProxies")}} 1`);
	expect(text).toContain(`archgen_rpc_active_calls{${method("ListProxies")}} 0`);
	expect(text).toMatch(/^archgen_sum_total 7$/m);
	expect(text).toMatch(/^process_resident_memory_bytes \d+$/m);
	const head = await fetch(url, { method: "HEAD" });
	expect([head.status, await head.text()]).toEqual([200, ""]);
	expect((await fetch(url, { method: "POST" })).status).toBe(405);
	expect((await fetch(`http://${served.address}/`)).status).toBe(404);
});
