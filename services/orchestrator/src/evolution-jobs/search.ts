import { CELL_TEMPERATURES, type CellGenerator, RANDOM_CELLS, type ScoreOutcome } from "@archgen/design";
import type { ArchgenError } from "@archgen/errors";
import type { EvolutionDependencies } from "@archgen/evolution";
import { type JobModel, meterOf, passes, patiently, type SearchedJob } from "@archgen/jobs";
import { predictionOf } from "@archgen/proxies";
import { createRandom } from "@archgen/random";
import { inLinkedTrace, itemToError, type zcproxy } from "@archgen/rpc";
import { type CellContext, cellsOf, FLOW_CELLS } from "../cell-generators.js";
import type { LocalCells } from "../local-cells.js";
import { evaluateAtSize, readOutcome } from "../scorer.js";
import type { Upstream } from "../upstream.js";
import { Versions } from "../versions.js";

/** Attribute of the spans of a job. */
const JOB = "archgen.job";

/** Kept beside the objective: the sequence generator is trained on them. */
const FURTHER_PROXIES = ["naswot", "snip_ssnr"];

/**
 * Cells and scores from the other services. Where a service cannot answer, it is asked again until it can.
 *
 * @param report told what stands in the way, and with null that nothing does any more
 */
export function remoteSearch(
	{ id, spec, model }: SearchedJob,
	upstream: Upstream,
	local: LocalCells,
	report: (error: ArchgenError | null) => void,
): EvolutionDependencies {
	const proxies = [...new Set([spec.objective, ...FURTHER_PROXIES])];
	const task = { ...spec.scoring, proxies, seed: spec.seed };
	const predict = predictionOf(spec.objective, spec.target, spec.scoring.inputSize);
	return {
		...(predict && { predict }),
		meter: meterOf(spec),
		cells: model === null ? RANDOM_CELLS : remoteCells({ id, spec, model }, { upstream, local }, report),
		scorer: {
			score: (network, signal) =>
				patiently(
					() =>
						inLinkedTrace(
							"job: score",
							async () => readPassing(await evaluateAtSize(upstream, network, task, signal), spec.objective),
							{ [JOB]: id },
						),
					signal,
					report,
				),
		},
	};
}

function remoteCells(
	{ id, spec, model: { version, cellGenerator = FLOW_CELLS } }: SearchedJob & { readonly model: JobModel },
	services: Pick<CellContext, "upstream" | "local">,
	report: (error: ArchgenError | null) => void,
): CellGenerator {
	const temperatures = { ...CELL_TEMPERATURES, means: spec.temperature };
	return {
		version,
		sample: (requests, random, { signal } = {}) => {
			const seed = random.integer(2 ** 31);
			return patiently(
				() => {
					const context = { ...services, versions: new Versions(), modelVersion: version };
					const source = cellsOf(cellGenerator, context);
					return inLinkedTrace(
						"job: draw cells",
						() => source.sample(requests, createRandom(seed), { temperatures, signal }),
						{ [JOB]: id },
					);
				},
				signal,
				report,
			);
		},
	};
}

/** @throws what passes, so that it is tried again; a network that cannot be scored is a result */
function readPassing(outcome: zcproxy.EvaluationResult["outcome"], objective: string): ScoreOutcome {
	if (outcome?.$case === "error" && passes(itemToError(outcome.value))) throw itemToError(outcome.value);
	return readOutcome(outcome, [objective]);
}
