import { existsSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { z } from "zod";
import { DEPLOY, yamlFiles } from "../folder.js";
import { readObjects } from "./render.js";
import { type KubernetesObject, violations } from "./violations.js";

const files = yamlFiles("kubernetes");
const kustomizations = files.filter((file) => basename(file) === "kustomization.yaml");
const target = z.strictObject({ kind: z.string(), name: z.string().optional() });

/** The fields of kustomize that are used here. */
const kustomization = z.strictObject({
	apiVersion: z.literal("kustomize.config.k8s.io/v1beta1"),
	kind: z.literal("Kustomization"),
	namespace: z.string().optional(),
	labels: z
		.array(
			z.strictObject({ pairs: z.record(z.string(), z.string()), includeTemplates: z.boolean().optional() }),
		)
		.optional(),
	resources: z.array(z.string()),
	patches: z.array(z.strictObject({ path: z.string(), target: target.optional() })).default([]),
	images: z.array(z.strictObject({ name: z.string(), newTag: z.string() })).optional(),
});

/** An object, or what is to be done with the one of that kind and name. */
type Patch = KubernetesObject & { readonly $patch?: string };

const parsed = kustomizations.map((file) => ({ file, content: kustomization.parse(readObjects(file)[0]) }));
const named = (paths: (content: z.output<typeof kustomization>) => string[]) =>
	parsed.flatMap(({ file, content }) => paths(content).map((path) => join(dirname(file), path)));
const patches = named((content) => content.patches.map(({ path }) => path));

test("kustomizations name files that exist, and every file is named", () => {
	const used = [...named((content) => content.resources), ...patches, ...kustomizations];
	expect(used.filter((file) => !existsSync(file))).toEqual([]);
	expect(files.filter((file) => !used.includes(file))).toEqual([]);
});

test.each(
	files.filter((file) => !kustomizations.includes(file)).map((file) => [relative(DEPLOY, file), file]),
)("%s fits the schemas", (_name, file) => {
	for (const { $patch, ...object } of readObjects(file) as Patch[]) {
		expect([undefined, "delete"]).toContain($patch);
		expect(violations(object, { partial: patches.includes(file) }), object.metadata.name).toEqual([]);
	}
});
