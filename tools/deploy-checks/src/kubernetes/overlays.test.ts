import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { REPOSITORY } from "../folder.js";
import { defaultPort, exposureProblems, SERVICE_NAMES, settingsFrom } from "../services.js";
import { HAS_KUBECTL, OVERLAYS, render } from "./render.js";
import { containerOf, environmentOf, find, podOf, quantity } from "./rendered.js";
import { violations } from "./violations.js";

const GIB = 2 ** 30;
const { version } = JSON.parse(readFileSync(join(REPOSITORY, "package.json"), "utf8")) as { version: string };

describe.runIf(HAS_KUBECTL).each(OVERLAYS)("overlay %s", (overlay) => {
	const objects = HAS_KUBECTL ? render(overlay) : [];
	const deployed = objects.filter(({ kind }) => kind === "Deployment").map(({ metadata }) => metadata.name);

	test("every object fits its schema, unknown fields included", () => {
		for (const object of objects) {
			expect(violations(object), `${object.kind} ${object.metadata.name}`).toEqual([]);
		}
	});

	test("exactly the services are deployed, in the version of the repository", () => {
		expect([...deployed].sort()).toEqual([...SERVICE_NAMES].sort());
		for (const name of SERVICE_NAMES) {
			expect(containerOf(objects, name).image).toBe(`archgen/${name}:${version}`);
		}
	});

	test.each(SERVICE_NAMES)("%s starts with this environment, reachable and not in the clear", (name) => {
		const settings = settingsFrom(name, environmentOf(containerOf(objects, name)));
		expect(exposureProblems(settings)).toEqual([]);
		const mounts = containerOf(objects, name).volumeMounts!.map(({ mountPath }) => mountPath);
		expect(mounts).toContain(join(settings.tls!.certificateFile, ".."));
		if ("models" in settings) expect(mounts).toContain(settings.models);
	});

	test.each(SERVICE_NAMES)("%s has one port everywhere: that of its settings", (name) => {
		const port = defaultPort(name);
		const container = containerOf(objects, name);
		expect(settingsFrom(name, environmentOf(container)).port).toBe(port);
		expect(container.ports).toEqual([{ name: "grpc", containerPort: port }]);
		expect(find(objects, "Service", name).spec?.ports).toEqual([{ name: "grpc", port, targetPort: "grpc" }]);
		const ingress = find(objects, "NetworkPolicy", name).spec?.ingress ?? [];
		expect(ingress.flatMap(({ ports }) => ports)).toEqual([{ protocol: "TCP", port }]);
	});

	test("the orchestrator calls each service by the name and port of a headless Service, and may", () => {
		const { upstream } = settingsFrom("orchestrator", environmentOf(containerOf(objects, "orchestrator")));
		const egress = find(objects, "NetworkPolicy", "orchestrator").spec?.egress ?? [];
		const addresses = {
			"zc-proxy": upstream.zcProxy,
			gvae: upstream.gvae,
			ccnf: upstream.ccnf,
			seqgen: upstream.seqgen,
		};
		for (const [name, address] of Object.entries(addresses)) {
			const port = defaultPort(name as keyof typeof addresses);
			const peer = { podSelector: { matchLabels: { "app.kubernetes.io/name": name } } };
			expect(address).toBe(`${name}:${port}`);
			expect(find(objects, "Service", name).spec?.clusterIP).toBe("None");
			expect(egress).toContainEqual({ to: [peer], ports: [{ protocol: "TCP", port }] });
		}
		expect(upstream.token).toBeDefined();
		expect(upstream.authorityFile).toBeDefined();
	});

	test.each(SERVICE_NAMES)("selectors of %s meet its pods", (name) => {
		const labels = find(objects, "Deployment", name).spec?.template.metadata?.labels;
		const selectors = [
			find(objects, "Deployment", name).spec?.selector.matchLabels,
			find(objects, "Service", name).spec?.selector,
			find(objects, "PodDisruptionBudget", name).spec?.selector?.matchLabels,
			find(objects, "NetworkPolicy", name).spec?.podSelector?.matchLabels,
		];
		for (const selector of selectors) expect(labels).toMatchObject(selector ?? { nothing: "selected" });
	});

	test.each(SERVICE_NAMES)("%s has as few rights as possible", (name) => {
		expect(podOf(objects, name)).toMatchObject({
			automountServiceAccountToken: false,
			enableServiceLinks: false,
			securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
		});
		expect(containerOf(objects, name).securityContext).toEqual({
			allowPrivilegeEscalation: false,
			readOnlyRootFilesystem: true,
			capabilities: { drop: ["ALL"] },
		});
	});

	test.each(
		SERVICE_NAMES,
	)("%s is probed over grpc health, ready only with its model, and may finish calls", (name) => {
		const { startupProbe, livenessProbe, readinessProbe, env } = containerOf(objects, name);
		const settings = settingsFrom(name, environmentOf({ name, env }));
		const check = ["node", "/app/deploy/health-check.mjs"];
		expect(startupProbe?.exec?.command).toEqual(check);
		expect(livenessProbe?.exec?.command).toEqual(check);
		const model = "model" in settings ? [`models/${settings.model}`] : [];
		expect(readinessProbe?.exec?.command).toEqual([...check, ...model]);
		const grace = podOf(objects, name).terminationGracePeriodSeconds!;
		expect(grace * 1000).toBeGreaterThan(settings.limits.drainMs + 5_000);
	});

	test.each(SERVICE_NAMES)("%s asks for resources and is limited", (name) => {
		const { requests, limits } = containerOf(objects, name).resources!;
		for (const resource of ["cpu", "memory"]) {
			expect(quantity(requests?.[resource])).toBeGreaterThan(0);
			expect(quantity(limits?.[resource])).toBeGreaterThanOrEqual(quantity(requests?.[resource]));
		}
	});

	test("a zc-proxy pod has room for its workers, and a core to answer with", () => {
		const container = containerOf(objects, "zc-proxy");
		const { workers, threadsPerWorker } = settingsFrom("zc-proxy", environmentOf(container));
		expect(quantity(container.resources?.limits?.memory)).toBeGreaterThan(workers * 4 * GIB + GIB / 2);
		expect(quantity(container.resources?.requests?.cpu)).toBeGreaterThanOrEqual(workers * threadsPerWorker);
		expect(quantity(container.resources?.limits?.cpu)).toBeGreaterThan(workers * threadsPerWorker);
	});

	test("zc-proxy scales by itself on CPU, and the orchestrator keeps all its workers busy", () => {
		const { spec } = find(objects, "HorizontalPodAutoscaler", "zc-proxy");
		expect(spec?.scaleTargetRef).toEqual({ apiVersion: "apps/v1", kind: "Deployment", name: "zc-proxy" });
		expect(spec?.metrics).toMatchObject([{ type: "Resource", resource: { name: "cpu" } }]);
		expect(spec?.maxReplicas).toBeGreaterThan(spec?.minReplicas ?? 1);
		// A number here would undo the autoscaler's work with every `apply`.
		expect(find(objects, "Deployment", "zc-proxy").spec?.replicas).toBeUndefined();
		const { workers } = settingsFrom("zc-proxy", environmentOf(containerOf(objects, "zc-proxy")));
		const { scoring } = settingsFrom("orchestrator", environmentOf(containerOf(objects, "orchestrator")));
		expect(scoring.parallelism).toBeGreaterThanOrEqual(workers * spec!.maxReplicas);
	});

	test("traffic is refused unless a policy allows it", () => {
		const { spec } = find(objects, "NetworkPolicy", "deny-all");
		expect(spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
	});

	test("no Secret is in the files", () => {
		expect(objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
	});
});
