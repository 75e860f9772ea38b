import { type Logger, orchestrator } from "@archgen/rpc";
import type { Generator } from "./generator.js";

const TRIAL = { inputSize: 32, classCount: 10, candidates: 1, topK: 1, skipScoring: true };

/** Has all services load a version and answer one small request with it, so that it is ready when it is promoted. */
export async function tryVersion(generator: Generator, modelVersion: string, logger: Logger): Promise<void> {
	const spec = orchestrator.GenerationSpec.fromPartial({ ...TRIAL, modelVersion });
	await generator.generate(spec, { signal: new AbortController().signal, logger });
}
