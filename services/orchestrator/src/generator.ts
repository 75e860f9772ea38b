import { performance } from "node:perf_hooks";
import {
	type GenerationDependencies,
	type GenerationHooks,
	type GenerationProgress,
	type GenerationResult,
	generate,
	LARGEST_FIRST,
	resolveRequest,
} from "@archgen/generation";
import { refine } from "@archgen/refinement";
import { type CallContext, inSpan, type orchestrator } from "@archgen/rpc";
import { scaledInput } from "@archgen/search-space";
import { restateFields, seedNumber, targetFromMessage } from "@archgen/wire";
import {
	answeringVersion,
	type NamedCells,
	requestedCells,
	type ServedModelFacts,
} from "./cell-generators.js";
import { latencyPredictor } from "./latency.js";
import type { LocalCells } from "./local-cells.js";
import { objectiveOf, outsideOf, refinementOf, requestFromMessage, requireSpec } from "./request.js";
import { progressToMessage, resultToMessage, unscoredCount } from "./result.js";
import { promiseOf, RemoteScorer, scoringData } from "./scorer.js";
import { ScoringPace } from "./scoring-pace.js";
import { RemoteSequences } from "./sequence-source.js";
import type { ScoringSettings } from "./settings.js";
import { knownVectors } from "./synonym-source.js";
import { sampleSynonyms } from "./synonyms.js";
import type { Upstream } from "./upstream.js";
import { Versions } from "./versions.js";

/** Told how far a generation has come. */
export type Report = (progress: orchestrator.GenerationProgress) => void;

/** Answers requests for networks with the help of the other services. */
export class Generator {
	readonly #pace = new ScoringPace();
	/** Vectors of exemplars, which the next request needs again. */
	readonly known = knownVectors();

	constructor(
		readonly upstream: Upstream,
		private readonly scoring: ScoringSettings,
		private readonly model: ServedModelFacts,
		readonly local: LocalCells,
	) {}

	/** @throws INVALID_ARGUMENT naming fields of `spec`; whatever the other services fail with */
	async generate(
		message: orchestrator.GenerationSpec | undefined,
		{ signal, logger }: Pick<CallContext, "signal" | "logger">,
		report: Report = () => {},
	): Promise<orchestrator.GenerationResult> {
		const spec = requireSpec(message);
		const start = performance.now();
		const versions = new Versions();
		// All parts of one request are answered by the version that is promoted when it begins.
		const modelVersion = await answeringVersion(spec.modelVersion, this.model);
		try {
			const objective = objectiveOf(spec);
			const seed = seedNumber(spec.seed);
			const scorer = new RemoteScorer(this.upstream, this.scoring, seed, objective, this.#pace);
			const { upstream, local, known } = this;
			const context = { upstream, local, known, versions, modelVersion };
			const cells = await requestedCells(spec.cellGenerator, this.model, context);
			const sources = {
				sequences: new RemoteSequences(this.upstream, versions, modelVersion),
				synonyms: cells.generator,
				scorer: spec.skipScoring ? LARGEST_FIRST : scorer,
				now: () => performance.now(),
			};
			const onProgress = (progress: GenerationProgress) =>
				report(progressToMessage(progress, performance.now() - start));
			const latency = latencyPredictor(spec);
			const predict = spec.skipScoring
				? undefined
				: promiseOf(objective, targetFromMessage(spec), this.scoring);
			const dependencies = {
				...sources,
				...(predict && { predict }),
				...(latency && { reject: latency.reject }),
			};
			// The workers have nothing else to do before there are candidates.
			if (!spec.skipScoring) void scorer.tryPace(targetFromMessage(spec), signal);
			const result = await this.#answer(spec, dependencies, { signal, onProgress, start });
			const { drawn, feasible, networks } = result;
			logger.info(
				{ drawn, feasible, returned: networks.length, ms: Math.round(performance.now() - start) },
				"generated",
			);
			return resultToMessage(result, this.#provenance(spec, { versions, scorer, cells, result }), {
				scored: !spec.skipScoring,
				latency: latency?.predict,
				outside: outsideOf(spec),
			});
		} catch (failure) {
			throw restateFields("spec", failure);
		}
	}

	/** @throws as `sampleSynonyms` */
	async synonyms(
		request: orchestrator.SampleSynonymsRequest,
		{ signal }: Pick<CallContext, "signal">,
	): Promise<orchestrator.SampleSynonymsResponse> {
		try {
			return await sampleSynonyms(request, this, this.model, signal);
		} catch (failure) {
			throw restateFields("", failure);
		}
	}

	/** Generates, and goes on by evolution where the spec asks for more evaluations. */
	async #answer(
		spec: orchestrator.GenerationSpec,
		dependencies: GenerationDependencies,
		{ signal, onProgress, start }: GenerationHooks & { readonly start: number },
	): Promise<GenerationResult> {
		const hooks = { ...(signal && { signal }), ...(onProgress && { onProgress }), inStep: inSpan };
		const request = resolveRequest(requestFromMessage(spec));
		const wish = refinementOf(spec);
		if (wish === undefined) return generate(request, dependencies, hooks);
		const topK = dependencies.predict ? request.scoredCandidates : request.candidates;
		const generated = await generate({ ...request, topK }, dependencies, hooks);
		const left =
			wish.timeLimitSeconds && Math.max(0, wish.timeLimitSeconds * 1000 - (performance.now() - start));
		return inSpan("refining", () =>
			refine(
				generated,
				{
					...request,
					evaluations: wish.evaluations,
					...(left !== undefined && { finish: AbortSignal.timeout(left) }),
				},
				{
					...dependencies,
					...(signal && { signal }),
					onProgress: (done, total) => onProgress?.({ step: "refining", done, total, round: 0 }),
				},
			),
		);
	}

	#provenance(
		spec: orchestrator.GenerationSpec,
		{
			versions,
			scorer,
			cells,
			result,
		}: {
			readonly versions: Versions;
			readonly scorer: RemoteScorer;
			readonly cells: NamedCells;
			readonly result: GenerationResult;
		},
	): orchestrator.Provenance {
		const scored = scorer.dataIdentity !== "";
		const objective = scored ? scorer.objective : "";
		const { size, width, channels = 3 } = targetFromMessage(spec);
		const input = { size, ...(width !== undefined && { width }), channels };
		const data = scorer.data ?? scoringData(input, this.scoring);
		const images = scaledInput(input, data.inputSize);
		return {
			unscoredCount: unscoredCount(result),
			screenedCount: result.screened,
			cellGenerator: cells.name,
			seed: spec.seed,
			objective,
			modelVersions: versions.all(),
			dataIdentity: scorer.dataIdentity,
			batchSize: scored ? data.batchSize : 0,
			scoringInputSize: scored ? images.size : 0,
			scoringInputWidth: scored ? images.width : undefined,
		};
	}
}
