import { ArchgenError } from "@archgen/errors";
import { afterEach, expect, test } from "vitest";
import { startRelay } from "../../../../tools/chaos/src/relay.js";
import { eventually, startSample } from "../../testing/sample-server.js";
import { createClient, goOn, orchestrator, POSITION_UNKNOWN } from "../index.js";
import type { CallContext } from "../server/call-context.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function drain(messages: AsyncIterable<unknown>): Promise<void> {
	for await (const _ of messages);
}

const TOTAL = 40;

/** Counts to {@link TOTAL}, from where it was left. */
async function* count(
	{ resumeToken }: orchestrator.GenerateNetworksRequest,
	{ signal, mark }: CallContext,
): AsyncGenerator<orchestrator.GenerateNetworksResponse> {
	for (let done = Number(resumeToken); done < TOTAL; done += 1) {
		signal.throwIfAborted();
		mark(String(done));
		await new Promise((resolve) => setTimeout(resolve, 15));
		yield orchestrator.GenerateNetworksResponse.fromPartial({
			event: { $case: "progress", value: { done } },
			resumeToken: String(done + 1),
		});
	}
}

async function collect(address: string, onMessage = (_: number) => {}) {
	const client = createClient(orchestrator.OrchestratorServiceService, { address });
	cleanups.push(client.close);
	const opened: string[] = [];
	const open = (resumeToken: string) => {
		opened.push(resumeToken);
		return client.generateNetworks(orchestrator.GenerateNetworksRequest.fromPartial({ resumeToken }));
	};
	const positionOf = ({ resumeToken }: orchestrator.GenerateNetworksResponse) => resumeToken;
	const seen: number[] = [];
	for await (const { event } of goOn(open, { positionOf })) {
		if (event?.$case === "progress") {
			seen.push(event.value.done);
			onMessage(event.value.done);
		}
	}
	return { seen, opened };
}

const ALL = Array.from({ length: TOTAL }, (_, i) => i);

test("a stream that outlives its connection is ended by the server's word and gone on with, nothing twice", async () => {
	const limits = { maxConnectionAgeMs: 1000, maxConnectionAgeGraceMs: 300, drainMs: 0 };
	const { server } = await startSample({}, { limits }, { generateNetworks: count });
	cleanups.push(() => server.stop());
	const { seen, opened } = await collect(server.address);
	expect(seen).toEqual(ALL);
	expect(opened.length).toBeGreaterThan(1);
});

test("a connection that breaks is gone on with too", async () => {
	const { server } = await startSample({}, {}, { generateNetworks: count });
	const proxy = await startRelay(server.address);
	cleanups.push(
		() => server.stop(),
		() => proxy.stop(),
	);
	const { seen, opened } = await collect(proxy.address, (done) => done === 7 && proxy.cut());
	expect(seen).toEqual(ALL);
	expect(opened).toEqual(["", "8"]);
});

test("a position that the server does not know begins anew; what is wrong with the request comes out", async () => {
	const error = (category: "NOT_FOUND" | "INVALID_ARGUMENT", reason: string) =>
		new ArchgenError({ category, reason, message: "no" });
	const opened: string[] = [];
	async function* open(position: string) {
		opened.push(position);
		if (position === "gone") throw error("NOT_FOUND", POSITION_UNKNOWN);
		yield opened.length;
		if (opened.length === 1) throw new ArgumentMoved();
	}
	class ArgumentMoved extends ArchgenError {
		constructor() {
			super({ category: "UNAVAILABLE", reason: "STREAM_MOVED", message: "", metadata: { position: "gone" } });
		}
	}
	const seen: number[] = [];
	for await (const message of goOn(open)) seen.push(message);
	expect(opened).toEqual(["", "gone", ""]);
	expect(seen).toEqual([1, 3]);
	const bad = goOn(async function* () {
		yield 1;
		throw error("INVALID_ARGUMENT", "INVALID_FIELD");
	});
	await expect(drain(bad)).rejects.toMatchObject({ reason: "INVALID_FIELD" });
});

test("a lost call that changes something is not made again, one that only reads is", async () => {
	let [promoted, listed] = [0, 0];
	const cutOnce = (times: number) => {
		if (times === 1) proxy.cut();
	};
	const { server } = await startSample(
		{},
		{},
		{
			promoteModel: async () => {
				cutOnce(++promoted);
				await new Promise((resolve) => setTimeout(resolve, 50));
				return orchestrator.PromoteModelResponse.fromPartial({});
			},
			listModels: async () => {
				cutOnce(++listed);
				await new Promise((resolve) => setTimeout(resolve, 50));
				return orchestrator.ListModelsResponse.fromPartial({ nextPageToken: "2" });
			},
		},
	);
	const proxy = await startRelay(server.address);
	const client = createClient(orchestrator.OrchestratorServiceService, { address: proxy.address });
	cleanups.push(
		() => server.stop(),
		() => proxy.stop(),
		() => client.close(),
	);
	await expect(client.promoteModel({ name: "", ifNotWorse: false })).rejects.toMatchObject({
		category: "UNAVAILABLE",
		message: expect.stringContaining("not known whether the call was carried out"),
	});
	expect(promoted).toBe(1);
	expect(await client.listModels({ pageSize: 1, pageToken: "" })).toMatchObject({ nextPageToken: "2" });
	expect(listed).toBe(2);
	await eventually(() => server.activeCalls() === 0);
	expect(promoted).toBe(1);
});
