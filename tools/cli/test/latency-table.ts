import { createRandom } from "@archgen/random";
import { architectureText, countArchitecture, distinctArchitectures } from "@archgen/score-diffusion";
import { SEARCH_SPACES } from "@archgen/search-space";

const space = SEARCH_SPACES.nasbench201;

/** Exact counts of an architecture of NAS-Bench-201 by its text. */
export const countsOf = (arch: string) => countArchitecture(space, space.fromJson({ arch }));

/** A made-up latency: 5 ms and one more for ten million MACs. */
export const latency = (macCount: number) => 5 + macCount / 1e7;

/** Columns of {@link LATENCY_ROWS}. */
export const LATENCY_HEADER = "arch,pi_ms,cost";

/** 300 architectures with their made-up latency and a constant cost, as lines of a table. */
export const LATENCY_ROWS: readonly string[] = distinctArchitectures(space, 300, createRandom(1)).map(
	(each) => {
		const arch = String(architectureText(space, each));
		return `${arch},${latency(countsOf(arch).macCount)},1`;
	},
);
