import { credentials, Metadata, type ServiceError, status } from "@grpc/grpc-js";
import fc from "fast-check";
import selfsigned from "selfsigned";
import { afterEach, beforeAll, expect, test } from "vitest";
import { startSample } from "../../testing/sample-server.js";
import { createClient, statusToError, waitForHealthy, zcproxy } from "../index.js";
import { isLoopback } from "./credentials.js";

const TOKENS = ["first-token-0123456789", "second-token-0123456789"];
let certificate = "";
let privateKey = "";
beforeAll(() => {
	const altNames = [
		{ type: 2, value: "localhost" },
		{ type: 7, ip: "127.0.0.1" },
	];
	const pems = selfsigned.generate([{ name: "commonName", value: "localhost" }], {
		keySize: 2048,
		days: 2,
		algorithm: "sha256",
		extensions: [{ name: "subjectAltName", altNames }],
	});
	certificate = pems.cert;
	privateKey = pems.private;
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) {
		await cleanup();
	}
});

async function start(config: Parameters<typeof startSample>[1]) {
	const { server } = await startSample({}, config);
	cleanups.push(() => server.stop());
	return server;
}

/** Status code that a plain client with this authorization header gets. */
function codeFor(address: string, authorization?: string): Promise<number> {
	const client = new zcproxy.ZcProxyServiceClient(address, credentials.createInsecure());
	cleanups.push(() => client.close());
	const metadata = new Metadata();
	if (authorization !== undefined) {
		metadata.set("authorization", authorization);
	}
	return new Promise((resolve) => {
		client.listProxies({}, metadata, (failure: ServiceError | null) => resolve(failure?.code ?? status.OK));
	});
}

test.each(["0.0.0.0", "::", "192.168.1.7", "example.org"])("%s needs TLS and tokens", async (host) => {
	const refused = { reason: "INSECURE_ADDRESS", category: "FAILED_PRECONDITION" };
	await expect(startSample({}, { host })).rejects.toMatchObject(refused);
	await expect(startSample({}, { host, tokens: TOKENS })).rejects.toMatchObject(refused);
	await expect(startSample({}, { host, tls: { certificate, privateKey } })).rejects.toMatchObject(refused);
});

test("with TLS and tokens a server may be reached from elsewhere", async () => {
	const server = await start({ host: "0.0.0.0", tls: { certificate, privateKey }, tokens: TOKENS });
	const address = `localhost:${server.port}`;
	const tls = { authority: certificate };
	await waitForHealthy({ address, tls, timeoutMs: 60_000 });
	const known = createClient(zcproxy.ZcProxyServiceService, { address, tls, token: TOKENS[0]! });
	const unknown = createClient(zcproxy.ZcProxyServiceService, { address, tls, maxAttempts: 1 });
	cleanups.push(known.close, unknown.close);
	expect((await known.listProxies({})).proxies).toHaveLength(1);
	await expect(unknown.listProxies({})).rejects.toMatchObject({ reason: "TOKEN_REQUIRED" });
});

test("mutual TLS turns away callers without a certificate", async () => {
	const server = await start({ tls: { certificate, privateKey, clientAuthority: certificate } });
	const address = `localhost:${server.port}`;
	const mutual = { authority: certificate, certificate, privateKey };
	const known = createClient(zcproxy.ZcProxyServiceService, { address, tls: mutual });
	const unknown = createClient(zcproxy.ZcProxyServiceService, {
		address,
		tls: { authority: certificate },
		maxAttempts: 1,
	});
	cleanups.push(known.close, unknown.close);
	expect((await known.listProxies({})).proxies).toHaveLength(1);
	await expect(unknown.listProxies({}, { deadlineMs: 2000 })).rejects.toMatchObject({
		category: "UNAVAILABLE",
	});
});

test("only a known bearer token opens a service", async () => {
	const { address } = await start({ tokens: TOKENS });
	for (const token of TOKENS) {
		expect(await codeFor(address, `Bearer ${token}`)).toBe(status.OK);
		expect(await codeFor(address, `bearer ${token}`)).toBe(status.OK);
	}
	for (const wrong of [undefined, "", TOKENS[0], `Basic ${TOKENS[0]}`, `Bearer ${TOKENS[0]}x`, "Bearer "]) {
		expect(await codeFor(address, wrong)).toBe(status.UNAUTHENTICATED);
	}
});

test("a refusal says what to send", async () => {
	const { address } = await start({ tokens: TOKENS });
	const client = new zcproxy.ZcProxyServiceClient(address, credentials.createInsecure());
	cleanups.push(() => client.close());
	const failure = await new Promise((resolve) => client.listProxies({}, resolve));
	expect(statusToError(failure)).toMatchObject({ reason: "TOKEN_REQUIRED", category: "FAILED_PRECONDITION" });
});

test("loopback is recognised and nothing else", () => {
	expect(["127.0.0.1", "127.8.9.1", "localhost", "::1"].every(isLoopback)).toBe(true);
	fc.assert(
		fc.property(
			fc.ipV4().filter((ip) => !ip.startsWith("127.")),
			(ip) => !isLoopback(ip),
		),
	);
	expect(["127.evil.example", "localhost.example", "::", "128.0.0.1"].some(isLoopback)).toBe(false);
});
