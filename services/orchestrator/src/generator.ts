import { performance } from "node:perf_hooks";
import { type GenerationProgress, generate, LARGEST_FIRST } from "@archgen/generation";
import type { CallContext, orchestrator } from "@archgen/rpc";
import { restateFields } from "@archgen/wire";
import { latencyPredictor } from "./latency.js";
import { requestFromMessage, requireSpec } from "./request.js";
import { progressToMessage, resultToMessage, unscoredCount } from "./result.js";
import { RemoteScorer, scoringData } from "./scorer.js";
import { RemoteSequences } from "./sequence-source.js";
import type { ScoringSettings } from "./settings.js";
import { RemoteSynonyms } from "./synonym-source.js";
import type { Upstream } from "./upstream.js";
import { Versions } from "./versions.js";

/** Told how far a generation has come. */
export type Report = (progress: orchestrator.GenerationProgress) => void;

/** Answers requests for networks with the help of the other services. */
export class Generator {
	constructor(
		private readonly upstream: Upstream,
		private readonly scoring: ScoringSettings,
		/** Version that new requests are answered with; undefined leaves it to the services. */
		private readonly promoted: () => Promise<string | undefined> = async () => undefined,
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
		const modelVersion = spec.modelVersion || ((await this.promoted()) ?? "");
		const scorer = new RemoteScorer(this.upstream, this.scoring);
		const sources = {
			sequences: new RemoteSequences(this.upstream, versions, modelVersion),
			synonyms: new RemoteSynonyms(this.upstream, versions, modelVersion),
			scorer: spec.skipScoring ? LARGEST_FIRST : scorer,
			now: () => performance.now(),
		};
		const onProgress = (progress: GenerationProgress) =>
			report(progressToMessage(progress, performance.now() - start));
		try {
			const latency = latencyPredictor(spec);
			const dependencies = { ...sources, ...(latency && { reject: latency.reject }) };
			const result = await generate(requestFromMessage(spec), dependencies, { signal, onProgress });
			const { drawn, feasible, networks } = result;
			logger.info(
				{ drawn, feasible, returned: networks.length, ms: Math.round(performance.now() - start) },
				"generated",
			);
			return resultToMessage(result, this.#provenance(spec, versions, scorer, unscoredCount(result)), {
				scored: !spec.skipScoring,
				latency: latency?.predict,
			});
		} catch (failure) {
			throw restateFields("spec", failure);
		}
	}

	#provenance(
		{ seed, inputSize }: orchestrator.GenerationSpec,
		versions: Versions,
		scorer: RemoteScorer,
		unscored: number,
	): orchestrator.Provenance {
		const scored = scorer.dataIdentity !== "";
		const data = scoringData(inputSize, this.scoring);
		return {
			unscoredCount: unscored,
			seed,
			modelVersions: versions.all(),
			dataIdentity: scorer.dataIdentity,
			batchSize: scored ? data.batchSize : 0,
			scoringInputSize: scored ? data.inputSize : 0,
		};
	}
}
