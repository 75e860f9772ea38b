import type { Random } from "@archgen/random";
import type { NetworkGraph } from "./lower-network.js";
import type { Target } from "./macro-network.js";
import type { SpaceLimits } from "./space-limits.js";
import type { ArchitectureTensors, Decoded, Invalid, TensorShape } from "./tensors.js";

/**
 * A set of architectures that can be sampled, changed, compared and stored: all that a generator needs. `ARCHITECTURE_SPACES` lists those there are.
 *
 * @typeParam A one architecture: plain immutable data
 */
export interface ArchitectureSpace<A> {
	/** Key in `ARCHITECTURE_SPACES`, as in `--space nasbench201`. */
	readonly name: string;
	/** For people. */
	readonly title: string;
	/** Publication that defines the space. */
	readonly source: string;
	readonly limits: Pick<SpaceLimits, "architectures">;
	/** Form of the tensors that `encode` gives. */
	readonly tensorShape: TensorShape;

	/** A valid architecture, drawn as the space's publication does. */
	random(random: Random): A;
	/** Another valid architecture, one edit away. */
	mutate(architecture: A, random: Random): A;
	/** Identity under which nothing is evaluated twice: equal for architectures that differ only by how they are written. */
	hash(architecture: A): string;
	/** The first rule of the space that an architecture breaks; undefined for a valid one. */
	problem(architecture: A): Invalid | undefined;
	/** Node classes and edges of an architecture. */
	encode(architecture: A): ArchitectureTensors;
	/** The architecture of tensors, or the reason why they are none. Inverse of `encode`. */
	decode(tensors: ArchitectureTensors): Decoded<A>;
	/** The JSON form. Two architectures are the same exactly when their JSON forms are equal as text. */
	toJson(architecture: A): unknown;
	/**
	 * Reads and checks a JSON form.
	 *
	 * @throws ArchgenError INVALID_ARGUMENT naming the offending field
	 */
	fromJson(value: unknown): A;
}

/**
 * A space whose architectures can also be built. Generators, proxies, exporters and commands know it by this interface alone. `SEARCH_SPACES` lists
 * those there are; one conformance suite (`search-spaces.test.ts`) runs over all of them.
 */
export interface SearchSpace<A> extends ArchitectureSpace<A> {
	readonly limits: SpaceLimits;
	/** Image and classes of the space's benchmark; used where none are given. */
	readonly target: Target;
	/**
	 * The primitive layers of the network; counts, proxies, latency and exporters read them. The architecture is taken as valid.
	 *
	 * @param target default: the target of the space
	 */
	lower(architecture: A, target?: Target): NetworkGraph;
}

/** Identity of an architecture as it is written, unlike the hash: uniqueness and novelty of samples are counted by it. */
export function architectureKey<A>(space: ArchitectureSpace<A>, architecture: A): string {
	return JSON.stringify(space.toJson(architecture));
}
