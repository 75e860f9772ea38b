import { ArchgenError } from "@archgen/errors";
import * as plans from "./plans.js";
import type { Training, TrainingProgress, TrainingRequest } from "./training.js";

interface TrainingRow extends Record<string, unknown> {
	readonly id: string;
	readonly request: TrainingRequest;
	readonly state: Training["state"];
	readonly create_time: Date;
	readonly progress: TrainingProgress | null;
	readonly problem: Training["problem"];
}

/** Runs one statement; as `JobStore.query`. */
export type Query = <R extends Record<string, unknown>>(
	sql: string,
	values: readonly unknown[],
) => Promise<R[]>;

/** Trainings in the database. */
export class TrainingStore {
	constructor(private readonly query: Query) {}

	async create(id: string, request: TrainingRequest): Promise<Training> {
		await this.query(plans.INSERT_TRAINING, [id, request]);
		return this.get(id);
	}

	/** @throws NOT_FOUND */
	async get(id: string): Promise<Training> {
		const [row] = await this.query<TrainingRow>(plans.SELECT_TRAINING, [id]);
		if (row === undefined) {
			throw new ArchgenError({
				category: "NOT_FOUND",
				reason: "OPERATION_NOT_FOUND",
				message: `There is no training ${id}.`,
			});
		}
		const { request, state, create_time: createTime, progress, problem } = row;
		return { id, request, state, createTime, progress, problem };
	}

	/** @returns true when somebody wants it to stop */
	async progress(id: string, progress: TrainingProgress): Promise<boolean> {
		const [row] = await this.query<{ stop_requested: boolean }>(plans.SAVE_TRAINING, [id, progress]);
		return row?.stop_requested ?? true;
	}

	async requestStop(id: string): Promise<void> {
		await this.query(plans.STOP_TRAINING, [id]);
	}

	async end(id: string, state: Training["state"], problem: Training["problem"]): Promise<void> {
		await this.query(plans.END_TRAINING, [id, state, problem]);
	}
}
