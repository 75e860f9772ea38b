import type { BundleManifest, GeneratorEntry } from "../store/manifest-schema.js";
import { GENERATOR_KINDS, type GeneratorKind, kindSpec } from "./generator-kinds.js";

/** The parts of a manifest that say which generators are in the bundle. */
export type ListedBundle = Pick<BundleManifest, "trainedOn" | "metrics"> & {
	readonly files: readonly { readonly path: string }[];
};

/**
 * The generators of a bundle by its files: one of each kind whose parts are all there, under the name of its kind. Manifests of format 1 have no
 * list of their own and are read with this one.
 */
export function listGenerators(bundle: ListedBundle): GeneratorEntry[] {
	const kinds = Object.keys(GENERATOR_KINDS) as GeneratorKind[];
	return kinds.flatMap((kind) => describeGenerator(kindSpec(kind).name ?? kind, kind, bundle) ?? []);
}

/** The entry of one generator with its files, metrics and training; undefined when the bundle lacks one of its parts. */
function describeGenerator(
	name: string,
	kind: GeneratorKind,
	{ files, metrics, trainedOn }: ListedBundle,
): GeneratorEntry | undefined {
	const { parts, optionalParts = [], stages } = kindSpec(kind);
	const filesOf = (part: string) =>
		files.map(({ path }) => path).filter((path) => path === part || path.startsWith(`${part}/`));
	const training = trainingOf(trainedOn, stages);
	const space = spaceOf(kind, training);
	if (parts.length === 0 || parts.some((part) => filesOf(part).length === 0) || space === undefined)
		return undefined;
	const measured = Object.entries(metrics).filter(([metric]) =>
		stages.some((stage) => metric.startsWith(`${stage}.`)),
	);
	return {
		name,
		kind,
		space,
		files: [...parts, ...optionalParts].flatMap(filesOf).sort(),
		metrics: Object.fromEntries(measured),
		trainedOn: training,
	};
}

type Training = BundleManifest["trainedOn"];

/** Records of stages, which stand at the top or below `stages`. */
function trainingOf(trainedOn: Training, stages: readonly string[]): Training {
	const records = { ...trainedOn, ...(trainedOn.stages as Training | undefined) };
	return Object.fromEntries(stages.flatMap((stage) => (stage in records ? [[stage, records[stage]!]] : [])));
}

/** The kind's own space, or the one that the training names. */
function spaceOf(kind: GeneratorKind, training: Training): string | undefined {
	const { space } = kindSpec(kind);
	if (space !== undefined) return space;
	const records = Object.values(training) as readonly ({ readonly space?: unknown } | null)[];
	return records.map((record) => record?.space).find((named) => typeof named === "string");
}
