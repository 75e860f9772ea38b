/** Progress of one long step. */
export interface Progress {
	/** `done` of `total` units, with a few words such as the current loss. */
	update(done: number, note?: string): void;
	/** Ends the display; safe to call twice. */
	stop(): void;
}

/** The length of a step and its name. */
export interface ProgressOptions {
	readonly title: string;
	readonly total: number;
	/** Units done before this run, which say nothing about its speed. Default 0. */
	readonly start?: number;
}

/** The caller of a long computation, as the computation sees it. */
export interface RunContext {
	/** Ends the computation; it rejects with the signal's reason. */
	readonly signal: AbortSignal;
	/** Shows a step's progress until it is stopped. */
	startProgress(options: ProgressOptions): Progress;
	/** Shows one line that is no result. */
	remark(text: string): void;
}
