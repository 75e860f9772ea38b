import type { GaussianProcess } from "@archgen/bayesian-optimization";
import type { Random } from "@archgen/random";
import { type Guide, kernelGuide, stateShape, statesOf } from "@archgen/score-diffusion";
import type { SearchSpace } from "@archgen/search-space";

/** Random architectures that tell the operations each node can have. */
const EXAMPLES = 256;

/** What makes guides of the means of Gaussian processes over architectures, which need no training. */
export function processGuides<A>(
	space: SearchSpace<A>,
	random: Random,
): (process: GaussianProcess<A>) => Guide {
	const drawn = Array.from({ length: EXAMPLES }, () => space.random(random));
	const examples = statesOf(space, drawn);
	return ({ observed, weights, settings }) => {
		const expansion = { centres: statesOf(space, observed.points), weights, decay: settings.decay };
		return kernelGuide(stateShape(space), expansion, examples);
	};
}
