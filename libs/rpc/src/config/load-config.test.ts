import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArchgenError } from "@archgen/errors";
import fc from "fast-check";
import selfsigned from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { loadConfig } from "./load-config.js";
import { readTls, serverSettings } from "./server-settings.js";

const settings = serverSettings.extend({
	workers: z.number().int().min(1).default(2),
	warm: z.boolean().default(true),
});
let folder = "";
beforeAll(() => {
	folder = mkdtempSync(join(tmpdir(), "archgen-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: unknown): string {
	const path = join(folder, `${Math.random()}.json`);
	writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
	return path;
}

function failure(body: () => unknown): ArchgenError {
	try {
		body();
	} catch (error) {
		return error as ArchgenError;
	}
	throw new Error("Nothing was thrown.");
}

test("defaults hold when nothing is given", () => {
	const config = loadConfig(settings, {});
	expect(config).toMatchObject({
		host: "127.0.0.1",
		port: 0,
		tokens: [],
		workers: 2,
		warm: true,
		logLevel: "info",
	});
	expect(config.limits.maxConcurrentCalls).toBeGreaterThan(0);
});

test("environment wins over the file, flags win over both", () => {
	const path = file({ port: 1, workers: 1, limits: { drainMs: 1 } });
	const environment = {
		ARCHGEN_PORT: "2",
		ARCHGEN_LIMITS_DRAIN_MS: "2",
		ARCHGEN_UNRELATED: "x",
		PATH: "/bin",
	};
	const config = loadConfig(settings, { flags: ["--config", path, "--port=3"], environment });
	expect(config).toMatchObject({ port: 3, workers: 1, limits: { drainMs: 2 } });
	expect(loadConfig(settings, { environment: { ARCHGEN_CONFIG: path } }).port).toBe(1);
});

test("text is read as the setting's type", () => {
	const environment = { ARCHGEN_TOKENS: "0123456789abcdef, fedcba9876543210", ARCHGEN_WARM: "false" };
	const config = loadConfig(settings, { environment, flags: ["--host", "127.0.0.2"] });
	expect(config.tokens).toEqual(["0123456789abcdef", "fedcba9876543210"]);
	expect(config.warm).toBe(false);
	expect(config.host).toBe("127.0.0.2");
});

test("every valid port survives each source", () => {
	fc.assert(
		fc.property(fc.integer({ min: 0, max: 65535 }), (port) => {
			expect(loadConfig(settings, { flags: ["--port", `${port}`] }).port).toBe(port);
			expect(loadConfig(settings, { environment: { ARCHGEN_PORT: `${port}` } }).port).toBe(port);
		}),
	);
});

test.each([
	["--port", { flags: ["--port", "70000"] }],
	["--port", { flags: ["--port", "many"] }],
	["ARCHGEN_LIMITS_MAX_CONCURRENT_CALLS", { environment: { ARCHGEN_LIMITS_MAX_CONCURRENT_CALLS: "0" } }],
	["ARCHGEN_TOKENS", { environment: { ARCHGEN_TOKENS: "short" } }],
	["--prot", { flags: ["--prot", "1"] }],
	["ARCHGEN_LOG_LEVEL", { environment: { ARCHGEN_LOG_LEVEL: "loud" } }],
])("a bad value names %s", (name, sources) => {
	const error = failure(() => loadConfig(settings, sources));
	expect(error.category).toBe("INVALID_ARGUMENT");
	expect(error.violations.map(({ field }) => field)).toEqual([name]);
});

test.each([
	["--port", ["--port", "70000"], /65535/],
	["--port", ["--port", "1.5"], /int/],
	["--port", ["--port"], /needs a value/],
	["--port", ["--port", "--workers", "2"], /needs a value/],
	["extra", ["extra"], /not expected/],
	["--tokens", ["--tokens", "short"], /16 characters/],
	["-x", ["-x"], /not a flag/],
])("what is wrong with %s is said of the value as it was meant", (name, flags, problem) => {
	const { violations } = failure(() => loadConfig(settings, { flags }));
	expect(violations).toEqual([{ field: name, description: expect.stringMatching(problem) }]);
});

test("misspelt and mistyped keys of the file are named by their path", () => {
	const path = file({ limits: { drainMS: 3 }, workers: "two" });
	const error = failure(() => loadConfig(settings, { flags: ["--config", path] }));
	expect(error.violations.map(({ field }) => field).sort()).toEqual(["limits.drainMS", "workers"]);
});

test("a file that is missing or broken is a named error", () => {
	for (const path of [join(folder, "none.json"), file("{"), file([1])]) {
		expect(failure(() => loadConfig(settings, { flags: ["--config", path] })).reason).toBe("BAD_CONFIG_FILE");
	}
});

test("TLS files are read; a missing one, one without certificate and a foreign key name their settings", () => {
	const write = (name: string, text: string) => {
		writeFileSync(join(folder, name), text);
		return join(folder, name);
	};
	const pems = () => selfsigned.generate([{ name: "commonName", value: "localhost" }], { keySize: 2048 });
	const [own, other] = [pems(), pems()];
	const certificateFile = write("certificate.pem", own.cert);
	const privateKeyFile = write("key.pem", own.private);
	expect(readTls(undefined)).toBeUndefined();
	expect(readTls({ certificateFile, privateKeyFile })?.certificate.toString()).toBe(own.cert);
	for (const [tls, field] of [
		[{ certificateFile, privateKeyFile: join(folder, "none.pem") }, "tls.privateKeyFile"],
		[{ certificateFile: file("pem"), privateKeyFile }, "tls.certificateFile"],
		[{ certificateFile, privateKeyFile: write("other.pem", other.private) }, "tls.privateKeyFile"],
	] as const) {
		expect(failure(() => readTls(tls)).violations[0]?.field).toBe(field);
	}
});
