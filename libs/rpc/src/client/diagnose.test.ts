import selfsigned from "selfsigned";
import { afterEach, beforeAll, expect, test } from "vitest";
import { startSample } from "../../testing/sample-server.js";
import { waitForHealthy } from "../index.js";

let certificate = "";
let privateKey = "";
beforeAll(() => {
	const pems = selfsigned.generate([{ name: "commonName", value: "localhost" }], {
		keySize: 2048,
		days: 2,
		algorithm: "sha256",
		extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
	});
	certificate = pems.cert;
	privateKey = pems.private;
});

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(tls?: Parameters<typeof startSample>[1]) {
	const { server } = await startSample({}, tls);
	cleanups.push(() => server.stop());
	return server.address;
}

test("each way in which client and server misunderstand each other has its name, at once", async () => {
	const [plain, secure, mutual] = [
		await start(),
		await start({ tls: { certificate, privateKey } }),
		await start({ tls: { certificate, privateKey, clientAuthority: certificate } }),
	];
	const reason = (address: string, tls?: Parameters<typeof waitForHealthy>[0]["tls"]) =>
		waitForHealthy({ address, tls, timeoutMs: 20_000 }).then(
			() => "healthy",
			(failure: { reason: string }) => failure.reason,
		);
	expect(await reason(secure)).toBe("SERVER_SPEAKS_TLS");
	expect(await reason(mutual)).toBe("SERVER_SPEAKS_TLS");
	expect(await reason(plain, { authority: certificate })).toBe("SERVER_SPEAKS_PLAINTEXT");
	expect(await reason(secure, {})).toBe("CERTIFICATE_NOT_TRUSTED");
	expect(await reason(mutual, { authority: certificate })).toBe("CLIENT_CERTIFICATE_REQUIRED");
	expect(await reason(secure, { authority: certificate })).toBe("healthy");
	expect(await reason(mutual, { authority: certificate, certificate, privateKey })).toBe("healthy");
});

test.each([
	"http://127.0.0.1:50050",
	"127.0.0.1",
	":50050",
	"127.0.0.1:99999",
	"host:0",
	"[::1]",
])("%s is no address", async (address) => {
	await expect(waitForHealthy({ address, timeoutMs: 100 })).rejects.toMatchObject({
		category: "INVALID_ARGUMENT",
		violations: [{ field: "address" }],
	});
});
