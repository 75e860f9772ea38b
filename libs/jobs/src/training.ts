/** What a training is asked for; plain JSON. */
export interface TrainingRequest {
	/** Identifiers of the jobs. */
	readonly jobs: readonly string[];
	readonly version: string;
	/** Empty for the version served when it begins. */
	readonly base: string;
	readonly steps: number;
	readonly seed: number;
	readonly keep: number;
	readonly dropProbability: number;
	/** Name of a folder of pretrained weights to fine-tune; the weights of the base unless given. */
	readonly pretrained?: string;
	/** Random weights, and nothing rehearsed. */
	readonly anew?: boolean;
}

/** How far it is. */
export interface TrainingProgress {
	readonly step: number;
	/** Of the latest validation, in nats a token. */
	readonly validationLoss: number | null;
}

/** A training as the database has it. */
export interface Training {
	readonly id: string;
	readonly request: TrainingRequest;
	readonly state: "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";
	readonly createTime: Date;
	readonly progress: TrainingProgress | null;
	readonly problem: { readonly reason: string; readonly message: string } | null;
}

/** Name of the operation that a training is. */
export function trainingOperation(id: string): string {
	return `operations/trainings/${id}`;
}
