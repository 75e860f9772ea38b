import type { BundleManifest, StoredVersion } from "@archgen/models";
import { fields, table } from "@archgen/text";

/** What a bundle is, in four figures. */
export function bundleFacts({ name, version, files }: BundleManifest) {
	return { name, version, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

/** Versions of a store with their labels, as a table. */
export function describeVersions(versions: readonly StoredVersion[]): string {
	if (versions.length === 0) return "There are no model bundles.";
	const rows = versions.map(({ name, version, labels }) => [name, version, labels.join(", ")]);
	return table(["name", "version", "labels"], rows);
}

/** What a manifest says of generators, metrics and files. */
export function describeManifest({
	name,
	version,
	metrics,
	files,
	trainedOn,
	generators,
}: BundleManifest): string {
	const sizes = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]));
	const head = { name, version, trainedOn: JSON.stringify(trainedOn) };
	const listed = generators.map((each) => [each.name, each.kind, each.space, each.files.length]);
	const generatorTable = table(["generator", "kind", "space", "files"], listed);
	return [fields(head), generatorTable, fields(metrics), fields(sizes)].join("\n\n");
}
