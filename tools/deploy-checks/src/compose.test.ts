import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DCLinter } from "dclint";
import { expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { DEPLOY } from "./folder.js";
import { defaultPort, exposureProblems, SERVICE_NAMES, settingsFrom } from "./services.js";

interface ComposeService {
	readonly build: {
		readonly context: string;
		readonly dockerfile: string;
		readonly args: { readonly SERVICE: string };
	};
	readonly environment: Readonly<Record<string, string>>;
	readonly mem_limit: string;
	readonly ports?: readonly string[];
	readonly read_only: boolean;
	readonly secrets: readonly string[];
	readonly stop_grace_period: string;
	readonly volumes?: readonly string[];
}

const FILE = join(DEPLOY, "compose/compose.yaml");
const SECRET = "secret-of-the-machine";
const text = readFileSync(FILE, "utf8");
const { services } = parse(text, { merge: true }) as { services: Record<string, ComposeService> };

/** Environment of a service, with variables that must be set set. */
function environmentOf(name: string): Record<string, string> {
	const entries = Object.entries(services[name]!.environment);
	return Object.fromEntries(entries.map(([key, value]) => [key, value.replace(/\$\{\w+:\?[^}]*\}/, SECRET)]));
}

/** What dclint says; its own declarations cannot be resolved by Node's rules. */
interface Finding {
	readonly line: number;
	readonly rule: string;
	readonly message: string;
}

function lint(path: string): string[] {
	// The shared part of a service comes first, as what follows refines it; dclint wants it near the end.
	// What is built gets the names under which Kubernetes and run-images.sh ask for it.
	const rules = { "service-keys-order": 0, "no-build-and-image": 0 } as const;
	const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
	return linter
		.lintFiles([path], false)
		.flatMap(({ messages }: { messages: Finding[] }) =>
			messages.map(({ line, rule, message }) => `${line}: ${rule}: ${message}`),
		);
}

test("dclint finds nothing", () => {
	expect(lint(FILE)).toEqual([]);
});

test("dclint would find a field that compose does not know", () => {
	const folder = mkdtempSync(join(tmpdir(), "archgen-compose-"));
	onTestFinished(() => rmSync(folder, { recursive: true }));
	const file = join(folder, "compose.yaml");
	writeFileSync(file, text.replace("    mem_limit: 9g", "    memory_limit: 9g"));
	expect(lint(file)).toEqual([expect.stringContaining("invalid-schema")]);
});

test("every service is there, built from the one file", () => {
	expect(Object.keys(services).sort()).toEqual([...SERVICE_NAMES, "postgres"].sort());
	for (const name of SERVICE_NAMES) {
		const { build } = services[name]!;
		expect(build).toEqual({ context: "../..", dockerfile: "deploy/Dockerfile", args: { SERVICE: name } });
	}
});

test.each(SERVICE_NAMES)("%s starts with this environment, reachable and not in the clear", (name) => {
	const settings = settingsFrom(name, environmentOf(name));
	const { secrets, volumes = [], stop_grace_period, read_only } = services[name]!;
	expect(exposureProblems(settings)).toEqual([]);
	expect(settings.port).toBe(defaultPort(name));
	expect(secrets.map((secret) => `/run/secrets/${secret}`)).toContain(settings.tls?.certificateFile);
	expect(secrets.map((secret) => `/run/secrets/${secret}`)).toContain(settings.tls?.privateKeyFile);
	// Only the orchestrator changes the model store.
	const mode = name === "orchestrator" ? "" : ":ro";
	if ("models" in settings)
		expect(volumes.map((volume) => volume.replace(/^\$\{[^}]*\}/, ""))).toContain(
			`:${settings.models}${mode}`,
		);
	expect(Number.parseInt(stop_grace_period, 10) * 1000).toBeGreaterThan(settings.limits.drainMs + 5_000);
	expect(read_only).toBe(true);
});

test("the orchestrator finds every other service, and only it is published, on loopback", () => {
	const { upstream, port } = settingsFrom("orchestrator", environmentOf("orchestrator"));
	for (const [name, address] of [
		["zc-proxy", upstream.zcProxy],
		["gvae", upstream.gvae],
		["ccnf", upstream.ccnf],
		["seqgen", upstream.seqgen],
	] as const) {
		expect(address).toBe(`${name}:${defaultPort(name)}`);
	}
	const published = SERVICE_NAMES.flatMap((name) => services[name]!.ports ?? []);
	expect(published).toEqual([`127.0.0.1:${port}:${port}`]);
});

test("zc-proxy has room for its workers", () => {
	const { workers } = settingsFrom("zc-proxy", environmentOf("zc-proxy"));
	expect(Number.parseInt(services["zc-proxy"]!.mem_limit, 10)).toBeGreaterThan(workers * 4);
});

test("tokens and passwords come from files of the secrets, each service has only those that it needs", () => {
	for (const name of SERVICE_NAMES) {
		const { environment, secrets } = services[name]!;
		for (const [key, value] of Object.entries(environment)) {
			if (!/TOKEN|PASSWORD|KEY/.test(key)) continue;
			expect(key).toMatch(/_FILES?$/);
			expect(secrets.map((secret) => `/run/secrets/${secret}`)).toContain(value);
		}
		if (name !== "orchestrator") expect(secrets).not.toContain("admin.token");
	}
	const { jobs, adminTokenFiles } = settingsFrom("orchestrator", environmentOf("orchestrator"));
	expect(adminTokenFiles).toEqual(["/run/secrets/admin.token"]);
	expect(services.orchestrator!.volumes!.join()).toContain(`:${jobs.data}`);
	expect(new URL(jobs.databaseUrl!).hostname).toBe("postgres");
});

test("services behind the orchestrator take its certificate only", () => {
	const { upstream } = settingsFrom("orchestrator", environmentOf("orchestrator"));
	expect(upstream.certificateFile).toBe("/run/secrets/tls.crt");
	for (const name of SERVICE_NAMES) {
		const { tls } = settingsFrom(name, environmentOf(name));
		expect(tls?.clientAuthorityFile).toBe(name === "orchestrator" ? undefined : upstream.authorityFile);
	}
});
