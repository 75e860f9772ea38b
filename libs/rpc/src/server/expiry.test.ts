import selfsigned from "selfsigned";
import { afterEach, expect, test } from "vitest";
import { startSample } from "../../testing/sample-server.js";
import { createLogger } from "../logger.js";
import { watchExpiry } from "./expiry.js";

const DAY_MS = 86_400_000;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
	for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function certificateOf(days: number) {
	const attributes = [{ name: "commonName", value: "archgen.example.org" }];
	const { cert, private: privateKey } = selfsigned.generate(attributes, {
		keySize: 2048,
		days,
		algorithm: "sha256",
	});
	return { certificate: cert, privateKey };
}

/** Lines that the watch of a certificate writes so many days from now. */
function linesAfter(tls: ReturnType<typeof certificateOf>, days: number) {
	const lines: Record<string, unknown>[] = [];
	const logger = createLogger({
		service: "test",
		destination: { write: (text: string) => void lines.push(JSON.parse(text)) },
	});
	watchExpiry(tls, logger, () => Date.now() + days * DAY_MS)();
	return lines;
}

test("a certificate is warned of from thirty days before its end, and its end is an error", () => {
	const tls = certificateOf(100);
	expect(linesAfter(tls, 0)).toEqual([]);
	expect(linesAfter(tls, 69)).toEqual([]);
	expect(linesAfter(tls, 71)).toEqual([
		expect.objectContaining({
			level: "warn",
			days: 28,
			subject: expect.stringContaining("archgen.example.org"),
		}),
	]);
	expect(linesAfter(tls, 101)).toEqual([
		expect.objectContaining({
			level: "error",
			validTo: expect.any(String),
			msg: expect.stringContaining("has expired"),
		}),
	]);
});

test("a server that starts with such a certificate says so in its log", async () => {
	const { server, lines } = await startSample({}, { tls: certificateOf(5) });
	cleanups.push(() => server.stop());
	expect(lines).toContainEqual(
		expect.objectContaining({ level: "warn", msg: "the certificate expires soon" }),
	);
});
