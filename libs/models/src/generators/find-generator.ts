import { invalidArgument } from "@archgen/errors";
import type { GeneratorEntry } from "../store/manifest-schema.js";
import { GENERATOR_KINDS, type GeneratorKind, type GeneratorOutput, type KindOf } from "./generator-kinds.js";

/** A generator of a kind that this release knows. */
export interface KnownGenerator<K extends GeneratorKind = GeneratorKind> {
	readonly name: string;
	readonly kind: K;
}

/** A cell generator of a kind that this release knows. */
export type CellGeneratorEntry = KnownGenerator<KindOf<"cells">>;

/** Generators that need no file of a bundle and are always there. */
const BUILT_IN: readonly KnownGenerator[] = [{ name: "random", kind: "random" }];

/** Generators of a bundle, and those that need none, which make a given output by a kind that this release knows. */
export function generatorsMaking<O extends GeneratorOutput>(
	listed: readonly Pick<GeneratorEntry, "name" | "kind">[],
	makes: O,
): KnownGenerator<KindOf<O>>[] {
	const named = new Set(listed.map(({ name }) => name));
	const all = [...listed, ...BUILT_IN.filter(({ name }) => !named.has(name))];
	return all.filter(
		(generator): generator is KnownGenerator<KindOf<O>> =>
			Object.hasOwn(GENERATOR_KINDS, generator.kind) &&
			GENERATOR_KINDS[generator.kind as GeneratorKind].makes === makes,
	);
}

/**
 * The generator of a name among those of a bundle that make a given output; the first of the bundle for the empty name.
 *
 * @param field how the user addresses the name, e.g. `cellGenerator`
 * @throws ArchgenError INVALID_ARGUMENT, reason UNKNOWN_GENERATOR, listing the names there are
 */
export function findGenerator<O extends GeneratorOutput>(
	listed: readonly Pick<GeneratorEntry, "name" | "kind">[],
	makes: O,
	name: string,
	field: string,
): KnownGenerator<KindOf<O>> {
	const known = generatorsMaking(listed, makes);
	const found = known.find((generator) =>
		name === "" ? listed.some((own) => own.name === generator.name) : generator.name === name,
	);
	if (found !== undefined) return found;
	const names = known.map((generator) => generator.name).join(", ") || "none";
	throw invalidArgument(
		field,
		`there is no generator of ${makes} "${name}"; there is ${names}`,
		"UNKNOWN_GENERATOR",
	);
}
