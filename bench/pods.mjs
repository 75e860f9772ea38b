// Throughput of one and of two zc-proxy pods of one thread each, in turns, on networks that a request would score:
//   node bench/pods.mjs [--candidates 40] [--runs 3] [--out bench/fixtures/pods-measured.json]
// Prints evaluations a second and their ratio, health latency under load, the time from a cancellation to an idle core, and what an
// evaluation costs the client; --out keeps the service times for bench/pods-simulation.mjs.
import { execFileSync, spawn } from "node:child_process";
import { once, setMaxListeners } from "node:events";
import { writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { inOrderOfCompletion } from "@archgen/concurrency";
import { createClient, waitForHealthy, zcproxy } from "@archgen/rpc";
import { networkFromJson } from "@archgen/search-space";
import { networkToMessage } from "@archgen/wire";

const { values: options } = parseArgs({
	options: {
		candidates: { type: "string", default: "40" },
		runs: { type: "string", default: "3" },
		out: { type: "string" },
	},
});
const path = (name) => fileURLToPath(new URL(`../${name}`, import.meta.url));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Networks for 450 M flopCount at 224 pixels, as they are scored: at 64 pixels with 16 images. */
function networksOfARequest() {
	const count = options.candidates;
	const request = [
		"--max-flop-count",
		"450M",
		"--input",
		"224",
		"--candidates",
		count,
		"--top",
		count,
		"--json",
	];
	const answer = execFileSync(process.execPath, [path("tools/cli/bin/archgen.js"), "generate", ...request], {
		stdio: ["ignore", "pipe", "ignore"],
		maxBuffer: 2 ** 28,
	});
	return JSON.parse(answer).networks.map(({ network }) =>
		networkToMessage(networkFromJson({ ...network, input: { ...network.input, size: 64 } })),
	);
}

async function startPod(metricsPort) {
	const flags = [
		"--port",
		"0",
		"--workers",
		"1",
		"--log-level",
		"error",
		"--metrics-port",
		String(metricsPort),
	];
	const child = spawn(process.execPath, [path("services/zc-proxy/dist/main.js"), ...flags], {
		// With a channel it stops when this program does.
		stdio: ["ignore", "pipe", "inherit", "ipc"],
	});
	const [line] = await once(createInterface({ input: child.stdout }), "line");
	const busy = async () => {
		const text = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
		return Number(/^archgen_zc_proxy_workers_busy (.*)$/m.exec(text)[1]) > 0;
	};
	return { address: JSON.parse(line).address, busy, stop: () => child.kill() };
}

const networks = networksOfARequest();
const requestFor = (network, seed) =>
	zcproxy.EvaluateBatchRequest.fromPartial({
		items: [{ subject: { $case: "network", value: network } }],
		settings: { proxies: ["tcet", "naswot", "snip_ssnr"], batchSize: 16, seed: BigInt(seed) },
	});

/** Scores all networks over some pods, two in flight for each; a seed makes them new to the pods' caches. */
async function run(pods, seed) {
	const client = createClient(zcproxy.ZcProxyServiceService, {
		address: pods.map(({ address }) => address).join(","),
	});
	const began = performance.now();
	const work = (network) => client.evaluateBatch(requestFor(network, seed));
	for await (const _ of inOrderOfCompletion(networks, 2 * pods.length, work));
	const elapsed = (performance.now() - began) / 1000;
	client.close();
	return networks.length / elapsed;
}

/** Milliseconds of CPU that a call costs the client: of calls that the pods answer from their caches. */
async function costOfCall(pods, seed, rounds = 40) {
	const client = createClient(zcproxy.ZcProxyServiceService, { address: pods[0].address });
	const call = (network) => client.evaluateBatch(requestFor(network, seed));
	for (const network of networks) await call(network);
	const before = process.cpuUsage();
	for (let i = 0; i < rounds; i++) await Promise.all(networks.map(call));
	const { user, system } = process.cpuUsage(before);
	client.close();
	return (user + system) / 1000 / (rounds * networks.length);
}

/** Milliseconds of health checks while a pod computes, and from a cancellation until its core is idle. */
async function responsiveness(pod, seed) {
	const client = createClient(zcproxy.ZcProxyServiceService, { address: pod.address });
	const controller = new AbortController();
	setMaxListeners(0, controller.signal);
	const calls = networks.map((network) =>
		client.evaluateBatch(requestFor(network, seed), { signal: controller.signal }).catch(() => {}),
	);
	await sleep(1000);
	const health = [];
	for (let i = 0; i < 20; i++) {
		const began = performance.now();
		await waitForHealthy({ address: pod.address });
		health.push(performance.now() - began);
	}
	const began = performance.now();
	controller.abort();
	while (await pod.busy()) await sleep(2);
	const stop = performance.now() - began;
	await Promise.all(calls);
	client.close();
	return { health, stop };
}

console.log(
	`${cpus().length} cores, ${cpus()[0].model}, load ${loadavg()[0].toFixed(1)}; ${networks.length} networks`,
);
const pods = [await startPod(9471), await startPod(9472)];
try {
	// Each pod compiles what the networks consist of.
	for (const pod of pods) await run([pod], 0);
	const one = [];
	const two = [];
	for (let i = 0; i < Number(options.runs); i++) {
		one.push(await run([pods[0]], 2 * i + 1));
		two.push(await run(pods, 2 * i + 2));
		console.log(
			`1 pod ${one[i].toFixed(2)}/s, 2 pods ${two[i].toFixed(2)}/s, load ${loadavg()[0].toFixed(1)}`,
		);
	}
	const rates = [one, two].map(median);
	console.log(
		`median: ${rates[0].toFixed(2)}/s and ${rates[1].toFixed(2)}/s, ratio ${(rates[1] / rates[0]).toFixed(2)}`,
	);
	// Before anything is cancelled, because a worker that is killed has to compile again.
	const serviceSeconds = await serviceTimes(pods[0]);
	const clientMs = await costOfCall(pods, 999);
	const stops = [];
	const health = [];
	for (let i = 0; i < 5; i++) {
		const result = await responsiveness(pods[0], 1000 + i);
		stops.push(result.stop);
		health.push(...result.health);
	}
	console.log(
		`health while computing: median ${median(health).toFixed(0)} ms, worst ${Math.max(...health).toFixed(0)} ms (connecting included)`,
	);
	console.log(
		`cancellation to idle core: median ${median(stops).toFixed(0)} ms, worst ${Math.max(...stops).toFixed(0)} ms`,
	);
	console.log(`client: ${clientMs.toFixed(2)} ms of CPU an evaluation`);
	if (options.out !== undefined) {
		const content = { networks: networks.length, clientMs, serviceSeconds };
		writeFileSync(options.out, `${JSON.stringify(content, null, "\t")}\n`);
	}
} finally {
	for (const pod of pods) pod.stop();
}

/** Seconds that each network takes when nothing waits before it. */
async function serviceTimes(pod) {
	const client = createClient(zcproxy.ZcProxyServiceService, { address: pod.address });
	const seconds = [];
	for (const network of networks) {
		const { results } = await client.evaluateBatch(requestFor(network, 998));
		seconds.push(Number(results[0].outcome.value.elapsedSeconds.toFixed(4)));
	}
	client.close();
	return seconds;
}
