import { ArchgenError, invalidArgument } from "@archgen/errors";
import {
	credentials,
	Metadata,
	makeGenericClientConstructor,
	type ServiceError,
	status,
} from "@grpc/grpc-js";
import { service as healthService } from "grpc-health-check";
import { afterEach, expect, test } from "vitest";
import { eventually, startSample } from "../../testing/sample-server.js";
import { statusToError, zcproxy } from "../index.js";
import type { CallContext } from "./call-context.js";
import type { RunningServer } from "./create-server.js";

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

async function start(...args: Parameters<typeof startSample>) {
	const sample = await startSample(...args);
	cleanups.push(() => sample.server.stop());
	return sample;
}

/** A client made by grpc-js alone. */
function plainClient({ address }: RunningServer): zcproxy.ZcProxyServiceClient {
	const client = new zcproxy.ZcProxyServiceClient(address, credentials.createInsecure());
	cleanups.push(() => client.close());
	return client;
}

function evaluate(
	client: zcproxy.ZcProxyServiceClient,
	requestId = "r",
): Promise<zcproxy.EvaluateBatchResponse> {
	const request = zcproxy.EvaluateBatchRequest.fromPartial({ requestId });
	return new Promise((resolve, reject) => {
		client.evaluateBatch(request, (failure, reply) => (failure ? reject(failure) : resolve(reply)));
	});
}

test("a plain client gets an answer from a free loopback port", async () => {
	const { server } = await start();
	expect(server.port).toBeGreaterThan(0);
	expect(server.address).toBe(`127.0.0.1:${server.port}`);
	expect(await evaluate(plainClient(server), "abc")).toMatchObject({ requestId: "abc" });
});

test("a domain error arrives with its code and details, and is not logged as a crash", async () => {
	const evaluateBatch = async () => {
		throw invalidArgument("items[0].cell", "has a cycle.", "CELL_CYCLIC");
	};
	const { server, log } = await start({ evaluateBatch });
	const failure = (await evaluate(plainClient(server)).catch((error) => error)) as ServiceError;
	expect(failure.code).toBe(status.INVALID_ARGUMENT);
	expect(statusToError(failure)).toMatchObject({
		reason: "CELL_CYCLIC",
		violations: [{ field: "items[0].cell", description: "has a cycle." }],
	});
	expect(log).toEqual([]);
});

test("an unexpected error is logged with its stack and answered without its text", async () => {
	const evaluateBatch = async () => {
		throw new Error("secret path /etc/passwd");
	};
	const { server, log } = await start({ evaluateBatch });
	const failure = (await evaluate(plainClient(server)).catch((error) => error)) as ServiceError;
	expect(failure.code).toBe(status.INTERNAL);
	expect(failure.details).not.toContain("secret");
	expect(statusToError(failure).reason).toBe("INTERNAL");
	expect(log).toHaveLength(1);
	expect(JSON.stringify(log[0])).toContain("secret path");
	expect(log[0]).toMatchObject({
		level: "error",
		method: "/archgen.zcproxy.v1.ZcProxyService/EvaluateBatch",
	});
});

test("more calls than the limit are refused with a retry delay, and the place is given back", async () => {
	let release = () => {};
	const gate = new Promise<void>((resolve) => {
		release = resolve;
	});
	const evaluateBatch = async () => {
		await gate;
		return zcproxy.EvaluateBatchResponse.fromPartial({});
	};
	const { server } = await start({ evaluateBatch }, { limits: { maxConcurrentCalls: 2, retryAfterMs: 750 } });
	const client = plainClient(server);
	const running = [evaluate(client), evaluate(client)];
	await eventually(() => server.activeCalls() === 2);
	const refused = statusToError(await evaluate(client).catch((error) => error));
	expect(refused).toMatchObject({
		category: "RESOURCE_EXHAUSTED",
		reason: "TOO_MANY_CALLS",
		retryAfterMs: 750,
	});
	release();
	await Promise.all(running);
	expect(server.activeCalls()).toBe(0);
	await evaluate(client);
});

test("cancellation and deadline reach the handler's signal", async () => {
	const contexts: CallContext[] = [];
	const evaluateBatch = (_: unknown, context: CallContext) => {
		contexts.push(context);
		return new Promise<never>((_, reject) => {
			context.signal.addEventListener("abort", () => reject(new Error("stopped")));
		});
	};
	const { server, log } = await start({ evaluateBatch });
	const client = plainClient(server);
	const request = zcproxy.EvaluateBatchRequest.fromPartial({});
	const cancelled = new Promise<ServiceError | null>((resolve) => {
		const call = client.evaluateBatch(request, resolve);
		void eventually(() => contexts.length === 1).then(() => call.cancel());
	});
	expect(await cancelled).toMatchObject({ code: status.CANCELLED });
	await eventually(() => contexts[0]!.signal.aborted && server.activeCalls() === 0);
	expect(contexts[0]!.signal.reason).toMatchObject({ category: "CANCELLED" });

	const late = await new Promise<ServiceError | null>((resolve) => {
		client.evaluateBatch(request, new Metadata(), { deadline: Date.now() + 200 }, resolve);
	});
	expect(late).toMatchObject({ code: status.DEADLINE_EXCEEDED });
	await eventually(() => contexts[1]!.signal.aborted && server.activeCalls() === 0);
	// Whichever comes first: the caller gives up at its deadline, too.
	expect(["DEADLINE_EXCEEDED", "CANCELLED"]).toContain(contexts[1]!.signal.reason.category);
	expect(contexts[1]!.deadline).toBeInstanceOf(Date);
	// What broke off because nobody waits any more is not a crash.
	expect(log).toEqual([]);
});

test("messages above the limit are refused", async () => {
	const { server } = await start({}, { limits: { maxReceiveBytes: 2048 } });
	const failure = await evaluate(plainClient(server), "x".repeat(4096)).catch((error) => error);
	expect(failure).toMatchObject({ code: status.RESOURCE_EXHAUSTED });
});

test("health answers for the server, each service and each named model", async () => {
	const { server } = await start();
	const Health = makeGenericClientConstructor(healthService, "grpc.health.v1.Health");
	const client = new Health(server.address, credentials.createInsecure());
	cleanups.push(() => client.close());
	const check = (service: string) =>
		new Promise((resolve) => {
			client.check!({ service }, (failure: ServiceError | null, reply: { status: string }) =>
				resolve(failure ? failure.code : reply.status),
			);
		});
	expect(await check("")).toBe("SERVING");
	expect(await check("archgen.zcproxy.v1.ZcProxyService")).toBe("SERVING");
	expect(await check("models/default")).toBe(status.NOT_FOUND);
	server.setHealth("models/default", true);
	expect(await check("models/default")).toBe("SERVING");
	server.setHealth("models/default", false);
	expect(await check("models/default")).toBe("NOT_SERVING");
});

test("a port that is taken is a named error", async () => {
	const { server } = await start();
	await expect(startSample({}, { port: server.port })).rejects.toMatchObject({ reason: "CANNOT_BIND" });
});

test("an ArchgenError thrown after the caller left is still not a crash", async () => {
	const evaluateBatch = (_: unknown, { signal }: CallContext) =>
		new Promise<never>((_, reject) => {
			signal.addEventListener("abort", () =>
				reject(new ArchgenError({ category: "CANCELLED", reason: "CANCELLED", message: "stopped" })),
			);
		});
	const { server, log } = await start({ evaluateBatch });
	const call = plainClient(server).evaluateBatch(zcproxy.EvaluateBatchRequest.fromPartial({}), () => {});
	await eventually(() => server.activeCalls() === 1);
	call.cancel();
	await eventually(() => server.activeCalls() === 0);
	expect(log).toEqual([]);
});
