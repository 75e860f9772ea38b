import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { DEPLOY } from "../folder.js";
import type { KubernetesObject } from "./violations.js";

/** The overlays. */
export const OVERLAYS = ["single-node", "cluster", "cluster-keda"] as const;
/** Name of an overlay. */
export type Overlay = (typeof OVERLAYS)[number];

/** Whether this machine can render. */
export const HAS_KUBECTL = spawnSync("kubectl", ["version", "--client"]).status === 0;

/** The objects of YAML text; throws on syntax errors and duplicate keys. */
function parseObjects(text: string): KubernetesObject[] {
	return parseAllDocuments(text).map((document) => {
		const [problem] = [...document.errors, ...document.warnings];
		if (problem) throw problem;
		return document.toJS() as KubernetesObject;
	});
}

/** The objects of a file. */
export function readObjects(file: string): KubernetesObject[] {
	return parseObjects(readFileSync(file, "utf8"));
}

/** The objects that an overlay stands for, as `kubectl apply -k` would send them. */
export function render(overlay: Overlay): KubernetesObject[] {
	const folder = join(DEPLOY, "kubernetes/overlays", overlay);
	return parseObjects(execFileSync("kubectl", ["kustomize", folder], { encoding: "utf8" }));
}
