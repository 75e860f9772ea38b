import {
	type Client,
	credentials,
	makeGenericClientConstructor,
	Server,
	ServerCredentials,
} from "@grpc/grpc-js";
import { afterEach, expect, test } from "vitest";
import { DEFAULT_LIMITS, serverOptions } from "./limits.js";

const cleanups: (() => unknown)[] = [];
afterEach(() => {
	for (const cleanup of cleanups.splice(0).reverse()) cleanup();
});

const same = (bytes: Buffer) => bytes;
const METHODS = {
	watch: {
		path: "/test.Test/Watch",
		requestStream: false,
		responseStream: true,
		requestSerialize: same,
		requestDeserialize: same,
		responseSerialize: same,
		responseDeserialize: same,
	},
} as const;

/** How a stream that never ends by itself has ended after some milliseconds of pings; null while it goes on. */
async function endOfStream(limits: typeof DEFAULT_LIMITS, milliseconds: number): Promise<string | null> {
	const server = new Server(serverOptions(limits));
	cleanups.push(() => server.forceShutdown());
	server.addService(METHODS, { watch: () => {} });
	const port = await new Promise<number>((resolve, reject) => {
		server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
			error ? reject(error) : resolve(bound),
		);
	});
	const TestClient = makeGenericClientConstructor(METHODS, "Test");
	const client: Client = new TestClient(`127.0.0.1:${port}`, credentials.createInsecure(), {
		"grpc.keepalive_time_ms": 400,
	});
	cleanups.push(() => client.close());
	const stream = client.makeServerStreamRequest("/test.Test/Watch", same, same, Buffer.from(""));
	return new Promise((resolve) => {
		stream.on("data", () => {});
		stream.on("error", ({ message }) => resolve(message));
		setTimeout(() => resolve(null), milliseconds);
	});
}

test("a stream outlives many pings of its connection", async () => {
	expect(await endOfStream(DEFAULT_LIMITS, 2000)).toBeNull();
});

test("grpc-js drops a connection that is pinged after it was asked to close: the reason why connections live for a day", async () => {
	const limits = { ...DEFAULT_LIMITS, maxConnectionAgeMs: 500 };
	expect(await endOfStream(limits, 30_000)).toContain("Connection dropped");
});
