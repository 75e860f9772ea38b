import { readFileSync } from "node:fs";
import { scoreAll } from "@archgen/design";
import { createRandom } from "@archgen/random";
import { createClient, zcproxy } from "@archgen/rpc";
import { type Network, networkHash, randomCell } from "@archgen/search-space";
import { evaluateNetwork, networkToMessage } from "@archgen/wire";
import { afterEach, expect, test } from "vitest";
import { freePort, type ServiceProcess, startProcess } from "../testing/service-processes.js";
import { RemoteScorer } from "./scorer.js";
import { orchestratorSettings } from "./settings.js";
import { createUpstream } from "./upstream.js";

// Several zc-proxy processes and the scorer that the orchestrator asks them with.
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function startPods(count: number): Promise<ServiceProcess[]> {
	const pods = await Promise.all(
		Array.from({ length: count }, () => startProcess("zc-proxy", "--workers", "1")),
	);
	cleanups.push(...pods.map((pod) => () => pod.process.kill("SIGKILL")));
	return pods;
}

/** The scorer over all pods, with two networks in flight for each. */
function scorerOver(pods: readonly ServiceProcess[]): RemoteScorer {
	const settings = orchestratorSettings.parse({
		upstream: { zcProxy: pods.map(({ address }) => address).join(",") },
		scoring: { parallelism: 2 * pods.length, pixels: 2048 },
	});
	const upstream = createUpstream(settings);
	cleanups.push(() => upstream.close());
	return new RemoteScorer(upstream, settings.scoring, 7);
}

/** Processes that a process has started. */
function childrenOf(pid: number): number[] {
	return readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
		.trim()
		.split(/\s+/)
		.filter(Boolean)
		.map(Number);
}

const CELLS = [0, 1].map((seed) => randomCell(createRandom(seed)));

/** Distinct small networks: one stage for each binary digit of the index, whose cell the digit chooses. */
function smallNetworks(count: number): Network[] {
	return Array.from({ length: count }, (_, index) => ({
		input: { size: 16, channels: 3 },
		classes: 4,
		stem: { channels: 8, stride: 1 },
		stages: [...(index + 2).toString(2).slice(1)].map((digit) => ({
			cell: CELLS[Number(digit)]!,
			channels: 8,
			stride: 1,
			repeats: 1,
		})),
		finalChannels: 8,
	}));
}

test.each([
	"SIGKILL",
	"SIGTERM",
] as const)("a pod that ends by %s in the middle of 200 evaluations loses none and duplicates none", async (signal) => {
	const pods = await startPods(3);
	const networks = smallNetworks(200);
	expect(new Set(networks.map(networkHash)).size).toBe(200);
	const scores = new Map<number, number>();
	for await (const { index, outcome } of scoreAll(scorerOver(pods), networks)) {
		expect(scores.has(index)).toBe(false);
		if (!outcome.ok) throw new Error(`Network ${index} failed: ${outcome.reason}`);
		scores.set(index, outcome.parts[0]!);
		if (scores.size === 60) {
			pods[1]!.process.kill(signal);
		}
	}
	expect([...scores.keys()].sort((a, b) => a - b)).toEqual(networks.map((_, index) => index));
	expect(pods[1]!.process.exitCode ?? pods[1]!.process.signalCode).not.toBeNull();
	// The answers are those of a pod that saw no trouble.
	for (const index of [0, 61, 120, 199]) {
		const outcome = await scorerOver([pods[0]!]).score(networks[index]!);
		expect(outcome).toMatchObject({ ok: true, parts: [scores.get(index)] });
	}
}, 180_000);

test.runIf(process.platform === "linux")(
	"scoring workers that are killed change no score and lose none",
	async () => {
		const [pod] = (await startPods(1)) as [ServiceProcess];
		const networks = smallNetworks(12);
		const [undisturbed, disturbed] = [new Map<number, unknown>(), new Map<number, unknown>()];
		for await (const { index, outcome } of scoreAll(scorerOver([pod]), networks))
			undisturbed.set(index, outcome);
		const [other] = (await startPods(1)) as [ServiceProcess];
		for await (const { index, outcome } of scoreAll(scorerOver([other]), networks)) {
			disturbed.set(index, outcome);
			if (disturbed.size % 6 === 2)
				for (const pid of childrenOf(other.process.pid!)) process.kill(pid, "SIGKILL");
		}
		expect(disturbed.size).toBe(networks.length);
		for (const [index, outcome] of undisturbed) expect(disturbed.get(index)).toEqual(outcome);
	},
	180_000,
);

test("a service that answers with errors of its own is asked again, and in the end the answer is no silent loss", async () => {
	let calls = 0;
	const reply = async ({ items }: zcproxy.EvaluateBatchRequest) => {
		calls += 1;
		const error = { code: 14, reason: "SCORING_WORKER_LOST", message: "gone", violations: [] };
		const outcome = { $case: "error", value: error } as const;
		return zcproxy.EvaluateBatchResponse.fromPartial({ results: [{ itemId: items[0]!.itemId, outcome }] });
	};
	const network = smallNetworks(1)[0]!;
	await expect(
		evaluateNetwork({ evaluateBatch: reply }, network, { proxies: ["tcet"] }),
	).rejects.toMatchObject({
		category: "UNAVAILABLE",
		reason: "SCORING_WORKER_LOST",
	});
	expect(calls).toBeGreaterThan(2);
});

test("calls go round over all pods, and to one that comes back", async () => {
	const pods = await startPods(2);
	const [first, second] = pods as [ServiceProcess, ServiceProcess];
	const client = createClient(zcproxy.ZcProxyServiceService, {
		address: `${first.address},${second.address}`,
	});
	cleanups.push(() => client.close());
	const request = (seed: number) =>
		zcproxy.EvaluateBatchRequest.fromPartial({
			items: [{ subject: { $case: "network", value: networkToMessage(smallNetworks(1)[0]!) } }],
			settings: { proxies: ["naswot"], batchSize: 2, seed: BigInt(seed) },
		});
	const evaluate = async (seed: number) =>
		(await client.evaluateBatch(request(seed))).results[0]?.outcome?.$case;
	for (let seed = 0; seed < 6; seed += 1) expect(await evaluate(seed)).toBe("score");
	first.process.kill("SIGKILL");
	for (let seed = 0; seed < 6; seed += 1) expect(await evaluate(seed)).toBe("score");
	const port = first.address.split(":")[1]!;
	const metrics = String(await freePort());
	const flags = ["--workers", "1", "--port", port, "--metrics-port", metrics];
	const again = await startProcess("zc-proxy", ...flags);
	cleanups.push(() => again.process.kill("SIGKILL"));
	const answered = async () => {
		const text = await (await fetch(`http://127.0.0.1:${metrics}/metrics`)).text();
		return text.includes('items_total{outcome="score"}');
	};
	// The client looks for it again after two seconds at most.
	for (const end = Date.now() + 60_000; !(await answered()) && Date.now() < end; ) await evaluate(0);
	expect(await answered()).toBe(true);
	second.process.kill("SIGKILL");
	for (let seed = 0; seed < 6; seed += 1) expect(await evaluate(seed)).toBe("score");
});
