#!/usr/bin/env node
// Tries the manifests of deploy/kubernetes against a real Kubernetes control plane.
import { existsSync, readdirSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { ControlPlane, eventually, problemsOf } from "./control-plane.mjs";

const HELP = `Usage: deploy/try-kubernetes.mjs [--binaries FOLDER] [--crds FOLDER] [overlay ...]

Starts etcd, kube-apiserver and kube-controller-manager on free ports of 127.0.0.1 and applies the base and every overlay, or the overlays
named: once as README.md says (kubectl apply -k), once by server-side apply. Any error or warning fails. Looks whether autoscalers reach
their minimum, Deployments have all their Pods under Pod Security "restricted" and a quota, and every selector meets a Pod; whether a
second apply changes nothing and a diff is empty; whether deleting leaves nothing. Pods stay pending: nothing schedules or runs them.

--binaries FOLDER   etcd, kube-apiserver, kube-controller-manager and kubectl (default: those of PATH)
--crds FOLDER       custom resource definitions; cluster-keda needs those of KEDA (config/crd/bases of its sources)

Example: deploy/try-kubernetes.mjs --binaries ~/kubernetes/bin --crds ~/keda/config/crd/bases cluster
Exit codes: 0 nothing found, 1 something found, 2 invalid arguments.`;

const DEPLOY = fileURLToPath(new URL(".", import.meta.url));
const OVERLAYS = readdirSync(join(DEPLOY, "kubernetes/overlays"));
const SECRETS = {
	"archgen-tls": ["tls.crt", "tls.key", "ca.crt"],
	"archgen-tokens": ["internal.token", "public.token", "admin.token"],
};
const NAMESPACE = ["--namespace", "archgen"];
const OURS = ["--selector", "app.kubernetes.io/part-of=archgen"];

function invalid(message) {
	console.error(`try-kubernetes.mjs: ${message}; --help tells more`);
	process.exit(2);
}

const { values, positionals } = argumentsOf();
if (values.help) {
	console.log(HELP);
	process.exit();
}
for (const name of positionals) if (!OVERLAYS.includes(name)) invalid(`there is no overlay ${name}`);
const overlays = positionals.length > 0 ? positionals : OVERLAYS;
if (!values.crds && overlays.includes("cluster-keda")) invalid("cluster-keda needs --crds");
const folders = overlays.map((name) => join(DEPLOY, "kubernetes/overlays", name));
if (positionals.length === 0) folders.unshift(join(DEPLOY, "kubernetes/base"));

const plane = new ControlPlane(values.binaries);
process.on("exit", () => plane.stop());
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
for (const program of plane.missing()) invalid(`${program} is missing`);
const kinds = [
	...["deployments", "replicasets", "services", "persistentvolumeclaims", "networkpolicies"],
	...["poddisruptionbudgets", "horizontalpodautoscalers", ...(values.crds ? ["scaledobjects"] : [])],
].join(",");

function argumentsOf() {
	const options = {
		help: { type: "boolean", short: "h" },
		binaries: { type: "string", default: "" },
		crds: { type: "string" },
	};
	try {
		return parseArgs({ allowPositionals: true, options });
	} catch ({ message }) {
		return invalid(message);
	}
}

function fail(problems) {
	if (problems.length > 0) throw new Error(problems.join("\n"));
}

/** Namespace and secrets as README.md makes them, and a quota under which a Pod needs requests and limits. */
async function prepareNamespace(mode) {
	plane.kubectl("apply", ...mode, "--filename", join(DEPLOY, "kubernetes/base/namespace.yaml"));
	const secrets = join(plane.folder, "secrets");
	if (!existsSync(secrets)) plane.run(join(DEPLOY, "make-secrets.sh"), secrets);
	for (const [name, files] of Object.entries(SECRETS)) {
		const sources = files.map((file) => `--from-file=${join(secrets, file)}`);
		plane.kubectl(...NAMESPACE, "create", "secret", "generic", name, ...sources);
	}
	const hard = "requests.cpu=200,requests.memory=400Gi,limits.cpu=200,limits.memory=400Gi,pods=100";
	plane.kubectl(...NAMESPACE, "create", "quota", "try", `--hard=${hard}`);
	await eventually(() => {
		const run = () => plane.kubectl(...NAMESPACE, "run", "any", "--image=any", "--dry-run=server");
		const [answer = "it was accepted"] = problemsOf(run);
		return answer.includes("violates PodSecurity")
			? []
			: [`A Pod without restrictions must be refused: ${answer}`];
	});
}

/** What the controllers have not yet done, or were refused. */
function unfinished() {
	const deployments = plane.items("deployments", ...NAMESPACE);
	const podsOf = (name) => deployments.find(({ metadata }) => metadata.name === name)?.spec.replicas ?? 0;
	const without = deployments.filter(({ spec, status }) => status.replicas !== spec.replicas);
	const unscaled = plane
		.items("horizontalpodautoscalers", ...NAMESPACE)
		.filter(({ spec }) => podsOf(spec.scaleTargetRef.name) < spec.minReplicas);
	const uncounted = plane
		.items("poddisruptionbudgets", ...NAMESPACE)
		.filter(({ metadata, status }) => status?.expectedPods !== podsOf(metadata.name));
	return [...without, ...unscaled, ...uncounted].map(
		({ kind, metadata, status }) => `${kind} ${metadata.name} is not finished: ${JSON.stringify(status)}`,
	);
}

/** Labels that the objects of the manifests select in their namespace: whom they are for, and peers of network policies. */
function selectorsOf({ kind, spec }) {
	if (kind === "Service") return [spec.selector];
	if (kind === "PodDisruptionBudget") return [spec.selector.matchLabels];
	const peers = [...(spec.ingress ?? []), ...(spec.egress ?? [])].flatMap(({ from, to }) => from ?? to ?? []);
	const near = peers.filter(({ podSelector, namespaceSelector }) => podSelector && !namespaceSelector);
	return [spec.podSelector, ...near.map(({ podSelector }) => podSelector)].map(
		({ matchLabels }) => matchLabels ?? {},
	);
}

/** Selectors that meet no Pod. */
function unmetSelectors() {
	const pods = plane.items("pods", ...NAMESPACE).map(({ metadata }) => metadata.labels);
	const isMet = (labels) =>
		pods.some((pod) => Object.entries(labels).every(([label, value]) => pod[label] === value));
	return plane
		.items("services,poddisruptionbudgets,networkpolicies", ...NAMESPACE)
		.flatMap((object) => selectorsOf(object).map((labels) => ({ object, labels })))
		.filter(({ labels }) => !isMet(labels))
		.map(
			({ object, labels }) =>
				`${object.kind} ${object.metadata.name} meets no Pod: ${JSON.stringify(labels)}`,
		);
}

/** Every object of the manifests with the number of changes to its specification. */
function generations() {
	return plane
		.items(kinds, ...NAMESPACE, ...OURS)
		.map(({ kind, metadata }) => `${kind} ${metadata.name} ${metadata.generation ?? ""}`);
}

/** Applies, looks, applies again and deletes; returns how many objects there were. */
async function tryFolder(folder, mode) {
	const apply = () => plane.kubectl("apply", ...mode, "--validate=strict", "--kustomize", folder);
	await prepareNamespace(mode);
	apply();
	await eventually(unfinished);
	fail(unmetSelectors());
	const before = generations();
	const pods = plane.items("pods", ...NAMESPACE).length;
	apply();
	await sleep(3_000); // Long enough for a controller to answer a change.
	const changed = generations().filter((line) => !before.includes(line));
	fail(changed.map((line) => `changed by a second apply: ${line}`));
	plane.kubectl("diff", ...mode, "--kustomize", folder);
	plane.kubectl("delete", "--ignore-not-found", "--timeout=120s", "--kustomize", folder);
	const left = plane.items(`${kinds},pods,namespaces`, "--all-namespaces", ...OURS);
	fail(left.map(({ kind, metadata }) => `left after deleting: ${kind} ${metadata.name}`));
	return `${before.length} objects and ${pods} Pods`;
}

try {
	await plane.start();
	if (values.crds) {
		plane.kubectl("apply", "--server-side", "--filename", resolve(values.crds));
		plane.kubectl(
			"wait",
			"--for=condition=Established",
			"--timeout=60s",
			"customresourcedefinitions",
			"--all",
		);
	}
	console.log(plane.kubectl("version").trim());
	for (const folder of folders) {
		for (const mode of [[], ["--server-side"]]) {
			const done = await tryFolder(folder, mode);
			console.log(`${relative(DEPLOY, folder)} ${mode.join("")}: ${done}, nothing found`);
		}
	}
	process.exit(0);
} catch ({ message }) {
	console.error([message, ...plane.lastWords()].join("\n"));
	process.exit(1);
}
