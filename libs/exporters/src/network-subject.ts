import type { ArchitectureOfSpace, NetworkGraph } from "@archgen/search-space";

/** An architecture of any space as a network. */
export type SpaceNetwork = ArchitectureOfSpace;

/** The primitive layers of the network. */
export function lowerSpaceNetwork({ space, architecture, target }: SpaceNetwork): NetworkGraph {
	return space.lower(architecture, target);
}
