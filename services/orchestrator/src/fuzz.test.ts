import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { statusToError, waitForHealthy, zcproxy } from "@archgen/rpc";
import { Client, credentials, type ServiceError, status } from "@grpc/grpc-js";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeSampleStore } from "../../../libs/models/testing/sample-bundle.js";
import { type FuzzRequest, methodsOf, requestOf } from "../testing/fuzz.js";
import { startAll } from "../testing/service-processes.js";

// ARCHGEN_FUZZ=10000 ARCHGEN_FUZZ_SEED=7 npx vitest run --project services/orchestrator fuzz
const COUNT = Number(process.env.ARCHGEN_FUZZ ?? 2000);
const SEED = Number(process.env.ARCHGEN_FUZZ_SEED ?? 1);
const AT_ONCE = 16;
const DEADLINE_MS = 3000;

const SERVICES = {
	orchestrator: [
		"archgen.orchestrator.v1.OrchestratorService",
		"archgen.orchestrator.v1.EvolutionJobService",
	],
	"zc-proxy": ["archgen.zcproxy.v1.ZcProxyService"],
	gvae: ["archgen.gvae.v1.GvaeService"],
	ccnf: ["archgen.ccnf.v1.CcnfService"],
	seqgen: ["archgen.seqgen.v1.SeqgenService"],
} as const;
const METHODS = Object.entries(SERVICES).flatMap(([part, names]) =>
	names
		.flatMap((name) => methodsOf(name))
		.map((method) => ({ ...method, part: part as keyof typeof SERVICES })),
);

let models: Awaited<ReturnType<typeof writeSampleStore>>;
let services: Awaited<ReturnType<typeof startAll>>;
const clients = new Map<string, Client>();
beforeAll(async () => {
	models = await writeSampleStore();
	services = await startAll(models.folder, "--scoring-pixels", "2048", "--jobs-resume-at-start", "false");
	for (const [name, { address }] of Object.entries(services.all)) {
		clients.set(name, new Client(address, credentials.createInsecure()));
	}
});
afterAll(async () => {
	for (const client of clients.values()) client.close();
	await services?.stop();
	await models?.remove();
});

const identity = (bytes: Buffer) => bytes;

/** Sends a request and gives the error it ends with; undefined for OK. */
function send(
	client: Client,
	{ method, messages, requestStream, responseStream, leaves }: FuzzRequest,
	onAnswer = () => {},
): Promise<ServiceError | undefined> {
	const options = { deadline: Date.now() + DEADLINE_MS };
	return new Promise((resolve) => {
		const [bytes] = messages as [Buffer];
		if (requestStream) {
			const call = client.makeBidiStreamRequest(method, identity, identity, options);
			call
				.on("data", onAnswer)
				.on("error", resolve)
				.on("end", () => resolve(undefined));
			for (const message of messages) call.write(message);
			if (leaves) setTimeout(() => call.cancel(), 5);
			else call.end();
			return;
		}
		if (!responseStream) {
			client.makeUnaryRequest(method, identity, identity, bytes, options, (failure) =>
				resolve(failure ?? undefined),
			);
			return;
		}
		client
			.makeServerStreamRequest(method, identity, identity, bytes, options)
			.on("data", () => {})
			.on("error", (failure: ServiceError) => resolve(failure))
			.on("end", () => resolve(undefined));
	});
}

/** Codes that a request may end with whatever it holds. INTERNAL and UNKNOWN would be mistakes of ours. */
const ALLOWED = new Set([
	status.INVALID_ARGUMENT,
	status.NOT_FOUND,
	status.FAILED_PRECONDITION,
	status.RESOURCE_EXHAUSTED,
	status.DEADLINE_EXCEEDED,
	status.UNAVAILABLE,
]);

/** What is wrong with an answer; undefined when nothing is. */
function complaint(failure: ServiceError | undefined, { leaves }: FuzzRequest): string | undefined {
	if (failure === undefined) return undefined;
	if (leaves && failure.code === status.CANCELLED) return undefined;
	const { reason, violations } = statusToError(failure);
	if (!ALLOWED.has(failure.code)) return `${status[failure.code]} ${failure.details}`;
	const named = violations.length > 0 || reason === "MALFORMED_REQUEST";
	return failure.code === status.INVALID_ARGUMENT && !named
		? `no field is named: ${failure.details}`
		: undefined;
}

const rss = (pid: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);

test.runIf(process.platform === "linux")(
	`${COUNT} requests of seed ${SEED} are answered by canonical codes that name the field`,
	async () => {
		const pids = Object.values(services.all).map(({ process: { pid } }) => pid!);
		const found: string[] = [];
		const counts = new Map<string, number>();
		let next = 0;
		let warm: number[] = [];
		const worker = async () => {
			for (let number = next++; number < COUNT; number = next++) {
				if (number === Math.floor(COUNT / 4)) warm = pids.map(rss);
				const request = requestOf(SEED, number, METHODS);
				const { part } = METHODS.find(({ path }) => path === request.method)!;
				const failure = await send(clients.get(part)!, request);
				const code = status[failure?.code ?? status.OK]!;
				counts.set(code, (counts.get(code) ?? 0) + 1);
				const problem = complaint(failure, request);
				if (problem !== undefined)
					found.push(`number ${number}, ${request.kind}, ${request.method}: ${problem}`);
			}
		};
		await Promise.all(Array.from({ length: AT_ONCE }, worker));
		console.log(`fuzz seed ${SEED}:`, Object.fromEntries(counts));
		expect(found).toEqual([]);
		await sleep(500);
		for (const { address } of Object.values(services.all))
			await waitForHealthy({ address, timeoutMs: 60_000 });
		// Nothing that was refused is kept: no service holds twice of what it held when it was warm, or 300 MB more.
		pids.map(rss).forEach((kilobytes, i) => {
			expect(kilobytes).toBeLessThan(Math.max(2 * warm[i]!, warm[i]! + 300_000));
		});
	},
	600_000,
);

/** Settings that hold, with an item that has no network. */
const FIRST = Buffer.from(
	zcproxy.EvaluateStreamRequest.encode(
		zcproxy.EvaluateStreamRequest.fromPartial({
			settings: { proxies: ["naswot"], batchSize: 8, seed: 1n },
			item: { itemId: "first" },
		}),
	).finish(),
);
const STREAMS = METHODS.filter(({ requestStream }) => requestStream);

test(`${COUNT / 10} streams of requests of seed ${SEED}: items fail singly, streams end by canonical codes`, async () => {
	let answers = 0;
	expect(STREAMS.map(({ path }) => path)).toEqual(["/archgen.zcproxy.v1.ZcProxyService/EvaluateStream"]);
	const found: string[] = [];
	const counts = new Map<string, number>();
	for (let number = 0; number < COUNT / 10; number += 1) {
		const drawn = requestOf(SEED, number, STREAMS);
		// Every second stream gets past its settings.
		const request = number % 2 === 0 ? drawn : { ...drawn, messages: [FIRST, ...drawn.messages] };
		const failure = await send(clients.get("zc-proxy")!, request, () => {
			answers += 1;
		});
		const code = status[failure?.code ?? status.OK]!;
		counts.set(code, (counts.get(code) ?? 0) + 1);
		const problem = complaint(failure, request);
		if (problem !== undefined) found.push(`number ${number}, ${request.kind}: ${problem}`);
	}
	console.log(`streams of seed ${SEED}:`, Object.fromEntries(counts));
	expect(found).toEqual([]);
	expect(counts.has("INVALID_ARGUMENT")).toBe(true);
	expect(answers).toBeGreaterThan(0);
	await waitForHealthy({ address: services.all["zc-proxy"].address, timeoutMs: 60_000 });
}, 600_000);
