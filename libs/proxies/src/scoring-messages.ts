/** A scoring worker's word about itself, with every answer. */
export interface WorkerUsage {
	/** Resident memory after the call. */
	readonly memoryBytes: number;
	/** Processor time that the worker has used so far, in seconds. */
	readonly cpuSeconds: number;
}
