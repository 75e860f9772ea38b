import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { request as httpsRequest } from "node:https";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import selfsigned from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { webSettings } from "./settings.js";
import { startWeb } from "./start.js";

const TOKEN = "a-token-of-the-gateway";
const ADMIN = "a-token-of-an-administrator";
const MODELS = "/api/archgen.orchestrator.v1.OrchestratorService/ListModels";
// Port 1 is reserved: nobody listens there.
const NOWHERE = Object.fromEntries(
	["orchestrator", "zcProxy", "gvae", "ccnf", "seqgen"].map((name) => [name, "127.0.0.1:1"]),
);

const start = (settings: object = {}) =>
	startWeb(webSettings.parse({ port: 0, logLevel: "silent", upstream: NOWHERE, ...settings }));

let web: Awaited<ReturnType<typeof startWeb>>;
let closed: Awaited<ReturnType<typeof startWeb>>;
beforeAll(async () => {
	web = await start({ limits: { maxReceiveBytes: 2048 } });
	closed = await start({ tokens: [TOKEN], adminTokens: [ADMIN] });
});
afterAll(async () => {
	await web.stop();
	await closed.stop();
});

async function post(path: string, body: string, headers: Record<string, string> = {}, address = web.address) {
	const reply = await fetch(`http://${address}${path}`, {
		method: "POST",
		headers: { "content-type": "application/json", ...headers },
		body,
	});
	return { status: reply.status, type: reply.headers.get("content-type"), body: await reply.json() };
}

test("a service that does not answer is a problem with its category and reason", async () => {
	expect(await post(MODELS, "{}", { "x-timeout-ms": "1500" })).toMatchObject({
		type: expect.stringContaining("application/problem+json"),
		body: { title: expect.stringMatching(/UNAVAILABLE|DEADLINE_EXCEEDED/), status: expect.any(Number) },
	});
	const health = await fetch(`http://${web.address}/health`);
	expect(await health.json()).toMatchObject({ services: { orchestrator: false, gvae: false } });
});

test.each([
	["broken JSON", "{", {}, 400],
	["a body above the limit", JSON.stringify({ pageToken: "x".repeat(3000) }), {}, 413],
	["another content type", "a=1", { "content-type": "application/x-www-form-urlencoded" }, 415],
	["a deadline that is no number", "{}", { "x-timeout-ms": "soon" }, 400],
	["another site", "{}", { "sec-fetch-site": "cross-site" }, 403],
	["another origin", "{}", { origin: "http://127.0.0.1:1" }, 403],
])("%s is refused", async (_, body, headers, status) => {
	expect(await post(MODELS, body, headers)).toMatchObject({
		status,
		body: { status, reason: expect.any(String) },
	});
});

test("with tokens only their bearers are answered; the liveness of services needs none", async () => {
	const ask = (headers: Record<string, string>) => post(MODELS, "{}", headers, closed.address);
	expect(await ask({})).toMatchObject({ status: 401, body: { reason: "TOKEN_REQUIRED" } });
	expect(await ask({ authorization: "Bearer of-something-else" })).toMatchObject({ status: 401 });
	const known = { authorization: `Bearer ${TOKEN}`, "x-timeout-ms": "300" };
	expect(await ask(known)).toMatchObject({ body: { reason: expect.not.stringContaining("TOKEN") } });
	expect((await fetch(`http://${closed.address}/health`)).status).toBe(200);
});

test("what changes the answers of others asks for an administrator", async () => {
	const promote = "/api/archgen.orchestrator.v1.OrchestratorService/PromoteModel";
	const ask = (token: string) =>
		post(promote, "{}", { authorization: `Bearer ${token}`, "x-timeout-ms": "300" }, closed.address);
	expect(await ask(TOKEN)).toMatchObject({ status: 403, body: { reason: "ADMIN_TOKEN_REQUIRED" } });
	expect(await ask(ADMIN)).toMatchObject({ body: { reason: expect.not.stringContaining("TOKEN") } });
});

test("replies forbid scripts, frames and content of other origins", async () => {
	const { headers } = await fetch(`http://${web.address}/health`);
	const policy = headers.get("content-security-policy")!;
	expect(policy).toContain("default-src 'none'");
	expect(policy).not.toContain("unsafe");
	for (const part of [
		"script-src 'self'",
		"style-src 'self'",
		"connect-src 'self'",
		"frame-ancestors 'none'",
	])
		expect(policy).toContain(part);
	const page = await fetch(`http://${web.address}/`);
	expect(page.headers.get("content-security-policy")).toBe(policy);
	expect(headers.get("x-content-type-options")).toBe("nosniff");
	expect(headers.get("access-control-allow-origin")).toBeNull();
});

test("other machines are served only with TLS and tokens, and a taken port is said", async () => {
	await expect(start({ host: "0.0.0.0" })).rejects.toMatchObject({ reason: "INSECURE_ADDRESS" });
	const port = Number(web.address.split(":").at(-1));
	await expect(start({ port })).rejects.toMatchObject({ reason: "CANNOT_BIND" });
});

test("off loopback the page is served by TLS, and calls want a token", async () => {
	const folder = mkdtempSync(join(tmpdir(), "archgen-web-"));
	const pems = selfsigned.generate([{ name: "commonName", value: "localhost" }], { keySize: 2048 });
	const [certificateFile, privateKeyFile] = [join(folder, "certificate.pem"), join(folder, "key.pem")];
	writeFileSync(certificateFile, pems.cert);
	writeFileSync(privateKeyFile, pems.private);
	const tls = { certificateFile, privateKeyFile };
	await expect(start({ host: "0.0.0.0", tls })).rejects.toMatchObject({ reason: "INSECURE_ADDRESS" });
	const secure = await start({ host: "0.0.0.0", tls, tokens: [TOKEN] });
	const port = Number(secure.address.split(":").at(-1));
	const ask = async (path: string, method: string, headers: Record<string, string> = {}) => {
		const sent = httpsRequest({
			hostname: "127.0.0.1",
			port,
			path,
			method,
			headers,
			ca: pems.cert,
			servername: "localhost",
		});
		const [reply] = (await once(sent.end(method === "POST" ? "{}" : ""), "response")) as [IncomingMessage];
		const text = (await reply.toArray()).join("");
		return { status: reply.statusCode, headers: reply.headers, text };
	};
	try {
		const page = await ask("/", "GET");
		expect(page).toMatchObject({ status: 200, text: expect.stringContaining("<title>archgen</title>") });
		expect(page.headers["strict-transport-security"]).toBeDefined();
		const json = { "content-type": "application/json" };
		expect(await ask(MODELS, "POST", json)).toMatchObject({ status: 401 });
		const known = { ...json, authorization: `Bearer ${TOKEN}`, "x-timeout-ms": "300" };
		expect((await ask(MODELS, "POST", known)).status).toBeGreaterThan(401);
		// Addresses behind the gateway are told on loopback alone.
		expect(JSON.parse((await ask("/health", "GET")).text)).toEqual({
			services: expect.anything(),
			tokens: true,
		});
		const local = await fetch(`http://${web.address}/health`);
		expect(await local.json()).toMatchObject({ tokens: false, orchestrator: "127.0.0.1:1" });
		await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
	} finally {
		await secure.stop();
		rmSync(folder, { recursive: true });
	}
});

test("calls of the API are counted by method and code, pages are not", async () => {
	const counted = await start({ metricsPort: 0, tokens: [TOKEN] });
	const known = { authorization: `Bearer ${TOKEN}` };
	try {
		await post(MODELS, "{}", {}, counted.address);
		await post(MODELS, "{", known, counted.address);
		await post(MODELS, "{}", { ...known, "x-timeout-ms": "300" }, counted.address);
		await post("/api/archgen.gvae.v1.GvaeService/None", "{}", known, counted.address);
		await fetch(`http://${counted.address}/health`);
		const text = await (await fetch(`http://${counted.metricsAddress}/metrics`)).text();
		const calls = text.split("\n").filter((line) => line.startsWith("archgen_rpc_calls_total"));
		const line = (code: string) =>
			`archgen_rpc_calls_total{method="/archgen.orchestrator.v1.OrchestratorService/ListModels",code="${code}"} 1`;
		expect(calls).toContain(line("UNAUTHENTICATED"));
		expect(calls).toContain(line("INVALID_ARGUMENT"));
		expect(calls).toHaveLength(3);
		expect(text).toMatch(/archgen_rpc_duration_seconds_count\{[^}]*ListModels"\} 3/);
		expect(text).toMatch(/archgen_rpc_active_calls\{[^}]*ListModels"\} 0/);
	} finally {
		await counted.stop();
	}
});

test("under a foreign host name nothing is answered on loopback", async () => {
	const [hostname, port] = web.address.split(":");
	const ask = async (host: string) => {
		const sent = request({ hostname, port, path: "/api/openapi.json", headers: { host } }).end();
		const [reply] = (await once(sent, "response")) as [IncomingMessage];
		reply.resume();
		return reply.statusCode;
	};
	expect(await ask(web.address)).toBe(200);
	expect(await ask("rebound.example")).toBe(403);
});

test("a request over a connection that outlives the server is told of its end as of any other problem", async () => {
	const leaving = await start();
	const [host, port] = leaving.address.split(":") as [string, string];
	const socket = connect(Number(port), host);
	let text = "";
	socket.setEncoding("utf8").on("data", (piece) => {
		text += piece;
	});
	const ended = once(socket, "close");
	const post = `POST ${MODELS} HTTP/1.1\r\nhost: ${leaving.address}\r\ncontent-type: application/json\r\n`;
	socket.write(`${post}x-timeout-ms: 1000\r\ncontent-length: 2\r\n\r\n{}`);
	await sleep(200);
	const stopped = leaving.stop();
	socket.write(`${post}content-length: 2\r\n\r\n{}`);
	await ended;
	await stopped;
	const [, second] = text.split(/(?=HTTP\/1\.1 )/);
	expect(second).toContain("503");
	expect(second).toContain("application/problem+json");
	expect(second).toContain('"reason":"SERVER_STOPPED"');
});
