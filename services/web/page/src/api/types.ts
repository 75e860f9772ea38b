// Messages of the protocol in their JSON form, as far as the page reads them; /api/openapi.json has all of them.

export interface Cell {
	readonly operations: readonly { readonly type: string; readonly kernel: number }[];
	readonly edges: readonly { readonly from: number; readonly to: number }[];
	readonly hash: string;
}

export interface Network {
	readonly inputSize: number;
	readonly classCount: number;
	/** Missing for square inputs, three channels, classification. */
	readonly inputWidth?: number;
	readonly inputChannels?: number;
	readonly task?: string;
	readonly stem: { readonly channels: number; readonly stride: number };
	readonly stages: readonly {
		readonly cell: Cell;
		readonly channels: number;
		readonly stride: number;
		readonly repeats: number;
	}[];
	readonly finalChannels?: number;
	readonly hash: string;
}

/** 64-bit numbers travel as text. */
export interface Counts {
	readonly parameterCount: string;
	readonly macCount: string;
	readonly flopCount: string;
	readonly layerCount: string;
}

export interface Margin {
	readonly kind: string;
	readonly limit: string;
	readonly actual: string;
	readonly relativeMargin: number;
}

export interface GeneratedNetwork {
	readonly network: Network;
	readonly counts: Counts;
	readonly margins: readonly Margin[];
	readonly scores: Readonly<Record<string, number>>;
	readonly latency?: Latency;
	readonly objectiveValue?: number;
	/** Missing in answers that older services gave. */
	readonly peakActivationBytes?: string;
}

export interface Latency {
	readonly latencyMs: number;
	readonly errorMs: number;
}

/** A candidate outside the bounds. */
export type OutsideCandidate = Omit<GeneratedNetwork, "scores" | "objectiveValue">;

export interface ModelVersion {
	readonly name: string;
	readonly version: string;
}

export interface GenerationResult {
	readonly networks: readonly GeneratedNetwork[];
	readonly closest?: OutsideCandidate;
	/** Missing in answers that older services gave. */
	readonly outside?: readonly OutsideCandidate[];
	readonly reason: string;
	readonly generatedCount: number;
	readonly feasibleCount: number;
	readonly unscoredCount: number;
	readonly warnings: readonly string[];
	readonly dropped: readonly Dropped[];
	readonly timings: readonly { readonly step: string; readonly elapsedSeconds: number }[];
	readonly provenance: {
		readonly seed: string;
		readonly modelVersions: Readonly<Record<string, ModelVersion>>;
		readonly dataIdentity: string;
		readonly batchSize: number;
		readonly scoringInputSize: number;
		readonly objective?: string;
		readonly cellGenerator?: string;
	};
}

export interface Dropped {
	readonly reason: string;
	readonly count: number | string;
}

export interface GenerationProgress {
	readonly step: string;
	readonly done: number;
	readonly total: number;
	readonly elapsedSeconds: number;
	readonly remainingSeconds?: number;
}

export type Constraints = Readonly<Record<string, string | number>>;

export interface GenerationSpec {
	readonly constraints: Constraints;
	readonly inputSize: number | string;
	readonly classCount: number | string;
	/** Missing for square inputs, three channels, classification, maps of the size of the images. */
	readonly inputWidth?: number | string;
	readonly inputChannels?: number | string;
	readonly task?: string;
	readonly outputStride?: number | string;
	readonly candidates: number | string;
	readonly topK: number | string;
	readonly seed: string;
	readonly skipScoring: boolean;
	readonly modelVersion: string;
	readonly temperature?: number | string;
	readonly objective: string;
	readonly evaluationCount?: number | string;
	readonly cellGenerator: string;
	readonly latencyTable?: LatencyTableMessage;
	readonly maxLatencyMs?: number | string;
	readonly refinementTimeLimitSeconds?: number | string;
	readonly outsideLimit: number;
}

export interface LatencyTableMessage {
	readonly device: string;
	readonly entries: readonly Readonly<Record<string, string | number>>[];
}

export interface Evaluation {
	readonly name: string;
	readonly index: number;
	/** Absent in a job that looks a table up. */
	readonly network?: Network;
	readonly architecture?: string;
	readonly counts: Counts;
	readonly score: number;
	readonly peakActivationBytes?: string;
	readonly latency?: { readonly latencyMs: number };
	readonly constraintExcess: number;
}

/** An evaluation as a chart shows it. */
export interface EvaluationPoint {
	readonly index: number;
	readonly score: number;
	readonly counts: Counts;
	readonly latencyMs?: number;
	readonly peakActivationBytes?: string;
	readonly constraintExcess: number;
	readonly onFront: boolean;
	readonly bestSoFar: boolean;
}

export interface PopulationStatistics {
	readonly size: number;
	readonly best?: number;
	readonly mean?: number;
	readonly worst?: number;
}

/** A history in as many points as a chart shows. */
export interface HistorySummary {
	readonly evaluationCount: number;
	readonly points: readonly EvaluationPoint[];
	readonly population: readonly {
		readonly evaluationCount: number;
		readonly population: PopulationStatistics;
	}[];
}

export interface EvolutionJob {
	readonly name: string;
	readonly spec: {
		readonly constraints?: Constraints;
		readonly inputSize: number;
		readonly classCount: number;
		readonly inputWidth?: number;
		readonly inputChannels?: number;
		readonly task?: string;
		readonly objective: string;
		readonly evaluationCount: number;
		readonly populationSize: number;
		readonly seed: string;
		readonly parallelism: number;
		readonly strategy: string;
		readonly paretoCosts: readonly string[];
		readonly maxLatencyMs?: number;
		readonly maxPeakActivationBytes?: string;
	};
	readonly state: string;
	readonly createTime?: string;
	readonly startTime?: string;
	readonly endTime?: string;
	readonly runCount: number;
	readonly problem?: { readonly reason: string; readonly message: string };
	readonly progress?: {
		readonly evaluated: number;
		readonly inFlight: number;
		readonly phase: string;
		readonly best?: Evaluation;
		readonly population?: PopulationStatistics;
		readonly evaluationsPerSecond: number;
		readonly dropped: readonly Dropped[];
		readonly remaining?: string;
		readonly paretoFront: readonly number[];
	};
	readonly modelVersion?: ModelVersion;
	readonly executorId: string;
}

export interface Model {
	readonly name: string;
	readonly version: ModelVersion;
	readonly labels: readonly string[];
	readonly trainedOn?: Readonly<Record<string, unknown>>;
	readonly metrics: Readonly<Record<string, number>>;
	readonly files: readonly { readonly path: string; readonly sizeBytes: string; readonly sha256: string }[];
	readonly generators: readonly { readonly name: string; readonly kind: string; readonly space: string }[];
}

export interface Correlation {
	readonly value: number;
	readonly low: number;
	readonly high: number;
}

/** How a proxy ranks the networks of one benchmark. */
export interface ProxyRanking {
	readonly benchmark: string;
	readonly target: string;
	readonly spearman?: Correlation;
	readonly partial?: Correlation;
	readonly selectionShare?: number;
	readonly selectedAccuracy?: number;
}

export interface ObjectiveDescription {
	readonly name: string;
	readonly description: string;
	readonly parts: readonly string[];
	readonly rankings: readonly ProxyRanking[];
}

export interface ProxyList {
	readonly proxies: readonly ProxyDescription[];
	readonly objectives: readonly ObjectiveDescription[];
}

export interface ProxyDescription {
	readonly name: string;
	readonly direction: string;
	readonly unit: string;
	readonly needsData: boolean;
	readonly needsGradient: boolean;
	readonly description: string;
	readonly formula: string;
	readonly source: string;
	readonly cost: string;
	readonly batchNorm: string;
	readonly rankings: readonly ProxyRanking[];
}
