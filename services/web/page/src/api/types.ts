// Messages of the protocol in their JSON form, as far as the page reads them; /api/openapi.json has all of them.

export interface Cell {
	readonly operations: readonly { readonly type: string; readonly kernel: number }[];
	readonly edges: readonly { readonly from: number; readonly to: number }[];
	readonly hash: string;
}

export interface Network {
	readonly inputSize: number;
	readonly classCount: number;
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
	readonly latency?: { readonly latencyMs: number; readonly errorMs: number };
	readonly objectiveValue?: number;
}

export interface ModelVersion {
	readonly name: string;
	readonly version: string;
}

export interface GenerationResult {
	readonly networks: readonly GeneratedNetwork[];
	readonly closest?: Omit<GeneratedNetwork, "scores">;
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
}

export type Constraints = Readonly<Record<string, string | number>>;

export interface GenerationSpec {
	readonly constraints: Constraints;
	readonly inputSize: number | string;
	readonly classCount: number | string;
	readonly candidates: number | string;
	readonly topK: number | string;
	readonly seed: string;
	readonly skipScoring: boolean;
	readonly modelVersion: string;
	readonly temperature?: number | string;
	readonly objective: string;
	readonly evaluationCount?: number | string;
}

export interface Evaluation {
	readonly name: string;
	readonly index: number;
	readonly network: Network;
	readonly counts: Counts;
	readonly score: number;
	readonly peakActivationBytes?: string;
	readonly latency?: { readonly latencyMs: number };
	readonly constraintExcess: number;
}

export interface EvolutionJob {
	readonly name: string;
	readonly spec: {
		readonly constraints?: Constraints;
		readonly inputSize: number;
		readonly classCount: number;
		readonly objective: string;
		readonly evaluationCount: number;
		readonly populationSize: number;
		readonly seed: string;
		readonly parallelism: number;
		readonly strategy: string;
		readonly paretoCosts: readonly string[];
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
		readonly population?: {
			readonly size: number;
			readonly best?: number;
			readonly mean?: number;
			readonly worst?: number;
		};
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
}
