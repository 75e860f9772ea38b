import { readFileSync } from "node:fs";
import { join } from "node:path";
import { startZcProxy, zcProxySettings } from "@archgen/zc-proxy-service";
import { describe, expect, test } from "vitest";
import { REPOSITORY } from "../folder.js";
import { defaultPort, exposureProblems, SERVICE_NAMES, settingsFrom } from "../services.js";
import { HAS_KUBECTL, OVERLAYS, render } from "./render.js";
import { containerOf, environmentOf, find, podOf, quantity } from "./rendered.js";
import { type KubernetesObject, violations } from "./violations.js";

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
		expect(container.ports).toContainEqual({ name: "grpc", containerPort: port });
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
		const model = "model" in settings ? [`models/${settings.model}`] : ["readiness"];
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

	test("zc-proxy scales by itself, and the orchestrator keeps all its workers busy", () => {
		const { minimum, maximum, target } = overlay === "cluster-keda" ? byKeda(objects) : byCpu(objects);
		expect(target).toEqual({ apiVersion: "apps/v1", kind: "Deployment", name: "zc-proxy" });
		expect(maximum).toBeGreaterThan(minimum);
		// A number here would undo the autoscaler's work with every `apply`.
		expect(find(objects, "Deployment", "zc-proxy").spec?.replicas).toBeUndefined();
		const { workers } = settingsFrom("zc-proxy", environmentOf(containerOf(objects, "zc-proxy")));
		const { scoring } = settingsFrom("orchestrator", environmentOf(containerOf(objects, "orchestrator")));
		expect(scoring.parallelism).toBeGreaterThanOrEqual(workers * maximum);
	});

	test("metrics are served where somebody reads them, and to nobody else", () => {
		const { metricsPort } = settingsFrom("zc-proxy", environmentOf(containerOf(objects, "zc-proxy")));
		expect(metricsPort !== undefined).toBe(overlay === "cluster-keda");
	});

	test("traffic is refused unless a policy allows it", () => {
		const { spec } = find(objects, "NetworkPolicy", "deny-all");
		expect(spec).toEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
	});

	test("Pod Security is in force", () => {
		const namespace = objects.find(({ kind }) => kind === "Namespace");
		const labels = { "pod-security.kubernetes.io/enforce": "restricted" };
		expect(namespace?.metadata).toMatchObject({ name: "archgen", labels });
	});

	test("no Secret is in the files", () => {
		expect(objects.filter(({ kind }) => kind === "Secret")).toEqual([]);
	});
});

describe.runIf(HAS_KUBECTL)("KEDA", () => {
	const objects = HAS_KUBECTL ? render("cluster-keda") : [];

	test("reads the queue depth of every pod where the pods tell it, and may", async () => {
		const settings = settingsFrom("zc-proxy", environmentOf(containerOf(objects, "zc-proxy")));
		const { metadata } = queueTrigger(objects);
		const url = new URL(metadata.url!);
		const service = find(objects, "Service", url.hostname.split(".")[0]!);
		expect(url.hostname).toBe(`${service.metadata!.name}.${service.metadata!.namespace}.svc.cluster.local`);
		expect(service.spec?.ports).toEqual([{ name: "metrics", port: Number(url.port), targetPort: "metrics" }]);
		expect(containerOf(objects, "zc-proxy").ports).toContainEqual({
			name: "metrics",
			containerPort: settings.metricsPort,
		});
		expect(Number(url.port)).toBe(settings.metricsPort);
		expect(settings.metricsHost).toBe("0.0.0.0");
		const policy = find(objects, "NetworkPolicy", "zc-proxy-metrics").spec;
		expect(policy?.ingress?.[0]?.ports).toEqual([{ protocol: "TCP", port: settings.metricsPort }]);
		const labels = find(objects, "Deployment", "zc-proxy").spec?.template.metadata?.labels;
		for (const selector of [service.spec?.selector, policy?.podSelector?.matchLabels]) {
			expect(labels).toMatchObject(selector ?? { nothing: "selected" });
		}
	});

	test("asks for a metric that the service has, in the form it has it", async () => {
		const service = await startZcProxy(zcProxySettings.parse({ port: 0, metricsPort: 0, workers: 1 }));
		try {
			const { pathname } = new URL(queueTrigger(objects).metadata.url!);
			const reply = await fetch(`http://${service.metricsAddress}${pathname}`);
			expect(await reply.text()).toMatch(
				new RegExp(`^${queueTrigger(objects).metadata.valueLocation} 0$`, "m"),
			);
			expect((await fetch(`http://${service.metricsAddress}/`)).status).toBe(404);
		} finally {
			await service.stop();
		}
	});

	test("the queues of all pods are as deep as wanted when the orchestrator sends all it may", () => {
		const { scoring } = settingsFrom("orchestrator", environmentOf(containerOf(objects, "orchestrator")));
		const { maximum } = byKeda(objects);
		expect(scoring.parallelism).toBeGreaterThanOrEqual(
			maximum * Number(queueTrigger(objects).metadata.targetValue),
		);
	});
});

/** What scales zc-proxy, and between how many pods. */
function byCpu(objects: readonly KubernetesObject[]) {
	const { spec } = find(objects, "HorizontalPodAutoscaler", "zc-proxy");
	expect(spec?.metrics).toMatchObject([{ type: "Resource", resource: { name: "cpu" } }]);
	return { target: spec?.scaleTargetRef, minimum: spec?.minReplicas ?? 1, maximum: spec!.maxReplicas };
}

function byKeda(objects: readonly KubernetesObject[]) {
	// Two autoscalers for one Deployment would pull in two directions.
	expect(objects.filter(({ kind }) => kind === "HorizontalPodAutoscaler")).toEqual([]);
	const { spec } = find(objects, "ScaledObject", "zc-proxy");
	expect(spec?.triggers.map(({ type }) => type)).toEqual(["metrics-api", "cpu"]);
	return {
		target: spec?.scaleTargetRef,
		minimum: spec?.minReplicaCount ?? 0,
		maximum: spec?.maxReplicaCount ?? 100,
	};
}

function queueTrigger(objects: readonly KubernetesObject[]) {
	return find(objects, "ScaledObject", "zc-proxy").spec!.triggers.find(({ name }) => name === "queue-depth")!;
}
