import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectionOf } from "@archgen/client";
import { orchestratorSettings, startOrchestrator } from "@archgen/orchestrator-service";
import selfsigned from "selfsigned";
import { afterAll, beforeAll, expect, test } from "vitest";
import { run } from "../../test/run-cli.js";

const folder = mkdtempSync(join(tmpdir(), "archgen-connection-"));
const file = (name: string, content: string) => {
	const path = join(folder, name);
	writeFileSync(path, content);
	return path;
};
const TOKENS = { public: "public-token-0123456789", admin: "admin-token-0123456789" };
let files: Record<"ca" | "cert" | "key" | "token" | "admin", string>;
let service: Awaited<ReturnType<typeof startOrchestrator>>;
beforeAll(async () => {
	const pems = selfsigned.generate([{ name: "commonName", value: "localhost" }], {
		keySize: 2048,
		days: 2,
		algorithm: "sha256",
		extensions: [{ name: "subjectAltName", altNames: [{ type: 7, ip: "127.0.0.1" }] }],
	});
	files = {
		ca: file("ca.crt", pems.cert),
		cert: file("tls.crt", pems.cert),
		key: file("tls.key", pems.private),
		token: file("public.token", `${TOKENS.public}\n`),
		admin: file("admin.token", `${TOKENS.admin}\n`),
	};
	service = await startOrchestrator(
		orchestratorSettings.parse({
			port: 0,
			logLevel: "silent",
			models: folder,
			jobs: { data: folder },
			tls: { certificateFile: files.cert, privateKeyFile: files.key, clientAuthorityFile: files.ca },
			tokenFiles: [files.token],
			adminTokenFiles: [files.admin],
		}),
	);
});
afterAll(async () => {
	await service?.stop();
	rmSync(folder, { recursive: true });
});

const secure = () => ["--ca", files.ca, "--cert", files.cert, "--key", files.key];

test("a server with TLS, client certificates and tokens is reached by options", async () => {
	const list = (...more: string[]) => run(["jobs", "list", "--address", service.address, ...more]);
	expect((await list()).stderr).toContain("speaks TLS");
	expect((await list("--ca", files.ca)).stderr).toContain("wants a certificate");
	expect((await list(...secure())).stderr).toContain("--token-file");
	const { exitCode, stdout } = await list(...secure(), "--token-file", files.token);
	expect([exitCode, stdout]).toEqual([0, "There are no jobs.\n"]);
});

test("asking and administering have tokens of their own", async () => {
	const rollback = (token: string) =>
		run(["models", "rollback", "--address", service.address, ...secure(), "--token-file", token]);
	expect((await rollback(files.token)).stderr).toContain("administrator");
	expect((await rollback(files.admin)).stderr).toContain("No version of default was served before");
});

test("options win over the environment, that over the profile", async () => {
	const profiles = file(
		"profiles.json",
		JSON.stringify({ lab: { address: "lab:1", ca: files.ca, tokenFile: files.token } }),
	);
	const environment = { ARCHGEN_PROFILES: profiles, ARCHGEN_PROFILE: "lab" };
	expect(await connectionOf({}, environment, "usual:1")).toMatchObject({
		address: "lab:1",
		token: TOKENS.public,
		tls: { authority: expect.stringContaining("BEGIN CERTIFICATE") },
	});
	const more = { ...environment, ARCHGEN_ADDRESS: "env:1" };
	expect(await connectionOf({}, more, "usual:1")).toMatchObject({ address: "env:1" });
	expect(await connectionOf({ address: "option:1" }, more, "usual:1")).toMatchObject({
		address: "option:1",
	});
	expect(await connectionOf({}, {}, "usual:1")).toEqual({ address: "usual:1" });
	await expect(connectionOf({ profile: "none" }, environment, "")).rejects.toThrow(
		/has no profile "none"; it has lab/,
	);
	await expect(connectionOf({ ca: join(folder, "absent") }, environment, "")).rejects.toThrow(/^--ca: /);
});

test("what is no address is said at once, with exit code 2", async () => {
	for (const address of ["http://127.0.0.1:50050", "127.0.0.1", "127.0.0.1:99999"]) {
		const { exitCode, stderr } = await run(["jobs", "list", "--address", address]);
		expect([exitCode, stderr]).toEqual([2, expect.stringContaining("--address: must be host:port")]);
	}
});
