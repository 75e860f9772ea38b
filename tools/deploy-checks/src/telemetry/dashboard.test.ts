import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ccnfSettings, startCcnf } from "@archgen/ccnf-service";
import { diffusionSettings, startDiffusion } from "@archgen/diffusion-service";
import { gvaeSettings, startGvae } from "@archgen/gvae-service";
import { orchestratorSettings, startOrchestrator } from "@archgen/orchestrator-service";
import { createClient, type StartedService, waitForHealthy, zcproxy } from "@archgen/rpc";
import { seqgenSettings, startSeqgen } from "@archgen/seqgen-service";
import { startWeb, webSettings } from "@archgen/web-service";
import { startZcProxy, zcProxySettings } from "@archgen/zc-proxy-service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEPLOY } from "../folder.js";
import { parseExposition, type Sample } from "./exposition.js";
import { type Panel, selectorsOf, withoutVariables } from "./queries.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-telemetry-"));
const COMMON = { port: 0, metricsPort: 0, logLevel: "silent", models: folder } as const;
const { models: _, ...PLAIN } = COMMON;

/** Every program that tells metrics, as it starts without a model. */
const PROGRAMS: Readonly<Record<string, () => Promise<StartedService>>> = {
	ccnf: () => startCcnf(ccnfSettings.parse(COMMON)),
	diffusion: () => startDiffusion(diffusionSettings.parse(COMMON)),
	gvae: () => startGvae(gvaeSettings.parse(COMMON)),
	orchestrator: () =>
		startOrchestrator(
			orchestratorSettings.parse({ ...COMMON, jobs: { data: folder, resumeAtStart: false } }),
		),
	seqgen: () => startSeqgen(seqgenSettings.parse(COMMON)),
	web: () => startWeb(webSettings.parse(PLAIN)),
	"zc-proxy": () => startZcProxy(zcProxySettings.parse({ ...PLAIN, workers: 1 })),
};
const started: Record<string, StartedService> = {};
const texts: Record<string, string> = {};
const samples: Record<string, Sample[]> = {};

beforeAll(async () => {
	for (const [name, start] of Object.entries(PROGRAMS)) {
		const service = await start();
		started[name] = service;
		if (name === "web")
			await fetch(`http://${service.address}/api/archgen.gvae.v1.GvaeService/SampleCells`, POST);
		else await waitForHealthy({ address: service.address });
		const client = createClient(zcproxy.ZcProxyServiceService, { address: service.address });
		await client.listProxies({}, { deadlineMs: 60_000 }).catch(() => {});
		client.close();
		const reply = await fetch(`http://${service.metricsAddress}/metrics`);
		expect(reply.headers.get("content-type")).toContain("version=0.0.4");
		texts[name] = await reply.text();
		samples[name] = parseExposition(texts[name]!);
	}
});
afterAll(async () => {
	await Promise.all(Object.values(started).map((service) => service.stop()));
	rmSync(folder, { recursive: true, force: true });
});

const POST = {
	method: "POST",
	headers: { "content-type": "application/json", "x-timeout-ms": "300" },
	body: "[]",
};

const namesOf = (name: string) => new Set(samples[name]!.map((sample) => sample.name));

test.each(
	Object.keys(PROGRAMS),
)("%s tells calls by code, their time, calls in progress and its process", (name) => {
	const names = [...namesOf(name)];
	expect(names).toEqual(
		expect.arrayContaining([
			"archgen_rpc_calls_total",
			"archgen_rpc_duration_seconds_bucket",
			"archgen_rpc_active_calls",
			"process_resident_memory_bytes",
			"process_cpu_seconds_total",
		]),
	);
	const calls = samples[name]!.filter((sample) => sample.name === "archgen_rpc_calls_total");
	for (const { labels, value } of calls) {
		expect(Object.keys(labels).sort()).toEqual(["code", "method"]);
		expect(value).toBeGreaterThan(0);
	}
});

test("the names of our metrics are those that people build on", () => {
	const own = new Set(Object.values(samples).flatMap((all) => all.map((sample) => sample.name)));
	expect([...own].filter((name) => name.startsWith("archgen_")).sort()).toEqual([
		"archgen_model_serving",
		"archgen_rpc_active_calls",
		"archgen_rpc_calls_total",
		"archgen_rpc_duration_seconds_bucket",
		"archgen_rpc_duration_seconds_count",
		"archgen_rpc_duration_seconds_sum",
		"archgen_zc_proxy_cache_hits_total",
		"archgen_zc_proxy_cache_misses_total",
		"archgen_zc_proxy_queue_depth",
		"archgen_zc_proxy_queue_places",
		"archgen_zc_proxy_workers_busy",
	]);
});

const { panels, ...dashboard } = JSON.parse(
	readFileSync(join(DEPLOY, "grafana", "archgen.json"), "utf8"),
) as {
	readonly panels: readonly Panel[];
	readonly templating: { readonly list: readonly { readonly name: string }[] };
};
/** Labels that Prometheus itself adds. */
const ADDED = ["job", "instance"];
/** Told only once something was scored. */
const LATER = new Map([["archgen_zc_proxy_items_total", ["outcome"]]]);

test.each(
	panels.flatMap(({ title, targets }) =>
		targets.map(({ expr, legendFormat }) => [title, expr, legendFormat]),
	),
)("%s asks for what is told: %s", (_, expression, legend) => {
	const shown = [...legend!.matchAll(/\{\{(\w+)\}\}/g)].map(([, label]) => label!);
	for (const { metric, labels } of selectorsOf(withoutVariables(expression!))) {
		const found = Object.values(samples).flatMap((all) => all.filter(({ name }) => name === metric));
		const known = new Set([
			...found.flatMap((sample) => Object.keys(sample.labels)),
			...(LATER.get(metric) ?? []),
		]);
		expect(found.length > 0 || LATER.has(metric), `${metric} is told by nobody`).toBe(true);
		for (const label of [...labels, ...shown])
			expect(ADDED.includes(label) || known.has(label), `${metric} has no label ${label}`).toBe(true);
	}
});

test("panels do not lie over each other, variables are declared", () => {
	const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
		Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
	);
	expect(new Set(cells).size).toBe(cells.length);
	const used = new Set([...JSON.stringify(panels).matchAll(/\$\{?([a-z]+)\b/g)].map(([, name]) => name));
	expect([...used].sort()).toEqual(dashboard.templating.list.map(({ name }) => name).sort());
});

test("promtool finds nothing wrong with what is told, where it is installed", ({ skip }) => {
	try {
		execFileSync("promtool", ["--version"], { stdio: "pipe" });
	} catch {
		skip("promtool is not installed");
	}
	for (const text of Object.values(texts))
		execFileSync("promtool", ["check", "metrics"], { input: text, stdio: ["pipe", "pipe", "pipe"] });
});
