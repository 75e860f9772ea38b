import { setTimeout as sleep } from "node:timers/promises";
import { Metadata } from "@grpc/grpc-js";
import { beforeAll, expect, test } from "vitest";
import { type GenerationBench, SPEC } from "../../testing/generation-bench.js";

/** Traces of a request through all five services. */
export function tracesSuite(benchOf: () => GenerationBench): void {
	let bench: GenerationBench;
	beforeAll(() => {
		bench = benchOf();
	});

	test("one trace leads from the caller through all five services and the steps of each", async () => {
		const [traceId, caller] = ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"];
		const metadata = new Metadata();
		metadata.set("traceparent", `00-${traceId}-${caller}-01`);
		metadata.set("x-request-id", "traced");
		const spec = { ...SPEC, seed: 77n };
		await bench.unary(spec, metadata);
		const own = () => bench.collector.spans.filter((span) => span.traceId === traceId);
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
		expect(bench.services.orchestrator.log()).toContain(`"requestId":"traced","traceId":"${traceId}"`);
	});
}
