import { expect, test } from "vitest";
import { type KubernetesObject, violations } from "./violations.js";

const deployment = (container: object, spec: object = {}) =>
	({
		apiVersion: "apps/v1",
		kind: "Deployment",
		metadata: { name: "x", labels: { "any/label": "goes" } },
		spec: {
			selector: { matchLabels: { a: "b" } },
			template: {
				metadata: { labels: { a: "b" } },
				spec: { containers: [{ name: "c", ...container }], ...spec },
			},
		},
	}) as KubernetesObject;

test("a correct object has no violations", () => {
	const limits = { cpu: "1", memory: "4Gi", "example.com/gpu": "1" };
	expect(violations(deployment({ image: "i", resources: { limits } }))).toEqual([]);
});

test.each([
	["in a container", deployment({ imagePolicy: "Always" }), "/spec/template/spec/containers/0/imagePolicy"],
	[
		"deep down",
		deployment({ securityContext: { readOnlyRootFileSystem: true } }),
		"/spec/template/spec/containers/0/securityContext/readOnlyRootFileSystem",
	],
	["in a pod", deployment({}, { enableServiceLink: false }), "/spec/template/spec/enableServiceLink"],
	["at the top", { ...deployment({}), status2: {} } as KubernetesObject, "/status2"],
])("an unknown field %s is refused", (_where, object, path) => {
	expect(violations(object)).toEqual([`${path} is not a field`]);
});

test("an empty list is refused, an empty selector is not", () => {
	const policy = (spec: object) =>
		({
			apiVersion: "networking.k8s.io/v1",
			kind: "NetworkPolicy",
			metadata: { name: "x" },
			spec: { podSelector: {}, policyTypes: ["Egress"], ...spec },
		}) as KubernetesObject;
	expect(violations(policy({}))).toEqual([]);
	expect(violations(policy({ egress: [] }))).toEqual(["/spec/egress is an empty list"]);
	const nobody = { egress: [{ ports: [] }] };
	expect(violations(policy(nobody), { partial: true })).toEqual(["/spec/egress/0/ports is an empty list"]);
});

test("objects of KEDA have schemas of their own", () => {
	const scaled = (spec: object) =>
		({
			apiVersion: "keda.sh/v1alpha1",
			kind: "ScaledObject",
			metadata: { name: "x" },
			spec: {
				scaleTargetRef: { name: "y" },
				triggers: [{ type: "cpu", metadata: { value: "70" } }],
				...spec,
			},
		}) as KubernetesObject;
	expect(violations(scaled({ maxReplicaCount: 3 }))).toEqual([]);
	expect(violations(scaled({ maxReplicas: 3 }))).toEqual(["/spec/maxReplicas is not a field"]);
	expect(violations(scaled({ triggers: [{ type: "cpu" }] }))).toHaveLength(1);
});

test("wrong types, missing fields and unknown kinds are refused", () => {
	expect(violations(deployment({ ports: [{ containerPort: "http" }] }))).toEqual([
		expect.stringContaining("/spec/template/spec/containers/0/ports/0/containerPort"),
	]);
	const { spec: _spec, ...rest } = deployment({}) as KubernetesObject & { spec: object };
	const budget = {
		...rest,
		apiVersion: "autoscaling/v2",
		kind: "HorizontalPodAutoscaler",
		spec: { maxReplicas: 2 },
	};
	expect(violations(budget as KubernetesObject)).toHaveLength(1);
	expect(violations(budget as KubernetesObject, { partial: true })).toEqual([]);
	expect(violations({ ...budget, kind: "HorizontalPodScaler" })).toEqual([
		"there is no HorizontalPodScaler in autoscaling/v2",
	]);
});
