import { ArchgenError } from "@archgen/errors";
import type { Random } from "@archgen/random";
import { type ArchitectureSpace, architectureKey } from "@archgen/search-space";

/** Draws in a row without a new architecture after which a space counts as exhausted. */
const MOST_REPEATS = 10_000;

/**
 * Distinct random architectures of a space.
 *
 * @throws ArchgenError FAILED_PRECONDITION `SPACE_TOO_SMALL` where the space has not so many
 */
export function distinctArchitectures<A>(space: ArchitectureSpace<A>, count: number, random: Random): A[] {
	const found = new Map<string, A>();
	let repeats = 0;
	while (found.size < count && repeats < MOST_REPEATS) {
		const drawn = space.random(random);
		const key = architectureKey(space, drawn);
		repeats = found.has(key) ? repeats + 1 : 0;
		found.set(key, drawn);
	}
	if (found.size === count) return [...found.values()];
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "SPACE_TOO_SMALL",
		message: `${space.name} has no ${count} distinct architectures; ask for at most ${found.size}.`,
	});
}
