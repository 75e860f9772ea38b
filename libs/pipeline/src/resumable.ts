import { ArchgenError } from "@archgen/errors";

/** Runs long work that can go on later; when it is interrupted, the error says how. @param hint a sentence for people */
export async function resumable<T>(signal: AbortSignal, hint: string, work: () => Promise<T>): Promise<T> {
	try {
		return await work();
	} catch (error) {
		// Whatever breaks after Ctrl-C breaks because of it.
		if (!signal.aborted && !(error instanceof ArchgenError && error.category === "CANCELLED")) throw error;
		throw new ArchgenError({
			category: "CANCELLED",
			reason: "CANCELLED",
			message: `stopped. ${hint}`,
			cause: error,
		});
	}
}
