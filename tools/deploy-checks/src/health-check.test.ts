import { execFile, execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startCcnf } from "@archgen/ccnf-service";
import { afterAll, beforeAll, expect, test } from "vitest";
import { DEPLOY } from "./folder.js";
import { settingsFrom } from "./services.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-deploy-"));
const secrets = join(folder, "secrets");
const stops: (() => Promise<void>)[] = [];
afterAll(async () => {
	await Promise.all(stops.map((stop) => stop()));
	rmSync(folder, { recursive: true });
});

beforeAll(() => {
	execFileSync(join(DEPLOY, "make-secrets.sh"), [secrets, "archgen.example.org"], { stdio: "pipe" });
});

/** Starts a service without a model in the given surroundings; returns its port. */
async function start(environment: Record<string, string>): Promise<number> {
	const settings = settingsFrom("ccnf", {
		ARCHGEN_PORT: "0",
		ARCHGEN_MODELS: folder,
		ARCHGEN_LOG_LEVEL: "silent",
		...environment,
	});
	const service = await startCcnf(settings);
	stops.push(() => service.stop());
	return Number(service.address.split(":").at(-1));
}

/** Runs the health check; its exit code. */
function check(port: number, environment: Record<string, string>, name = ""): Promise<number> {
	const env = { PATH: process.env.PATH, ARCHGEN_PORT: String(port), ...environment };
	return new Promise((resolve) => {
		execFile(process.execPath, [join(DEPLOY, "health-check.mjs"), name], { env }, (failure) =>
			resolve(failure === null ? 0 : Number(failure.code)),
		);
	});
}

function tls(): Record<string, string> {
	return {
		ARCHGEN_TLS_CERTIFICATE_FILE: join(secrets, "tls.crt"),
		ARCHGEN_TLS_PRIVATE_KEY_FILE: join(secrets, "tls.key"),
	};
}

test("secrets are a certificate for every service, tokens of three kinds, and no key of the authority", () => {
	const names = execFileSync(
		"openssl",
		["x509", "-in", join(secrets, "tls.crt"), "-noout", "-ext", "subjectAltName"],
		{
			encoding: "utf8",
		},
	);
	for (const name of ["localhost", "zc-proxy", "seqgen", "archgen.example.org"])
		expect(names).toContain(`DNS:${name}`);
	execFileSync("openssl", ["verify", "-CAfile", join(secrets, "ca.crt"), join(secrets, "tls.crt")], {
		stdio: "pipe",
	});
	const tokens = ["internal", "public", "admin"].map((name) =>
		readFileSync(join(secrets, `${name}.token`), "utf8"),
	);
	expect(new Set(tokens).size).toBe(3);
	expect(existsSync(join(secrets, "ca.key"))).toBe(false);
});

test("off loopback, over TLS and without a token: the server is alive, its model is not ready", async () => {
	const token = readFileSync(join(secrets, "internal.token"), "utf8");
	const port = await start({ ARCHGEN_HOST: "0.0.0.0", ...tls(), ARCHGEN_TOKENS: token });
	expect(await check(port, tls())).toBe(0);
	expect(await check(port, tls(), "models/default")).toBe(1);
	expect(await check(port, tls(), "models/unknown")).toBe(1);
	expect(await check(port, {})).toBe(1);
});

test("with mutual TLS the check shows the service's own certificate", async () => {
	const token = readFileSync(join(secrets, "internal.token"), "utf8");
	const mutual = { ...tls(), ARCHGEN_TLS_CLIENT_AUTHORITY_FILE: join(secrets, "ca.crt") };
	const port = await start({ ARCHGEN_HOST: "0.0.0.0", ...mutual, ARCHGEN_TOKENS: token });
	expect(await check(port, mutual)).toBe(0);
	expect(await check(port, mutual, "readiness")).toBe(0);
	expect(await check(port, tls())).toBe(1);
});

test("on loopback, in the clear", async () => {
	const port = await start({});
	expect(await check(port, {})).toBe(0);
	await stops.pop()!();
	expect(await check(port, {})).toBe(1);
});
