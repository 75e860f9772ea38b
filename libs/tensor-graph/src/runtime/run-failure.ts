import { ArchgenError } from "@archgen/errors";

/** What onnxruntime could not load or run, as an error of the domain. */
export function runFailure(message: string, cause?: unknown): ArchgenError {
	return new ArchgenError({ category: "INTERNAL", reason: "MODEL_RUN_FAILED", message, cause });
}

/** Does the work and turns whatever it throws into a {@link runFailure}. */
export async function orRunFailure<T>(work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		throw runFailure(error instanceof Error ? error.message : String(error), error);
	}
}
