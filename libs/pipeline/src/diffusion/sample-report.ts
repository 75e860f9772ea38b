import type { Sample, SampleReport, SampleSummary } from "@archgen/score-diffusion";
import { SessionPool } from "@archgen/tensor-graph";
import type { RunContext } from "../run-context.js";
import type { SampleChunks } from "./sample.js";

/** A sampling that is reported. */
export interface ReportedSampling {
	readonly space: string;
	/** Name of the generator. */
	readonly generator: string;
	readonly count: number;
	/** Processor cores to use. */
	readonly workers: number;
	/** Advice for when few samples are valid, e.g. "raise --steps". */
	readonly advice: string;
	readonly sample: (pool: SessionPool) => SampleChunks;
}

/** Share of valid samples below which a warning is due. */
const FEW_VALID = 0.95;

/** Samples to the end with progress, and a warning when few samples are valid. */
export async function sampleReport(
	context: RunContext,
	{ space, generator, count, workers, advice, sample }: ReportedSampling,
): Promise<SampleReport> {
	const pool = SessionPool.create({ workers, threadsPerWorker: 1 });
	const progress = context.startProgress({ title: "samples", total: count });
	const began = performance.now();
	const samples: Sample[] = [];
	try {
		const chunks = sample(pool);
		let next = await chunks.next();
		for (; !next.done; next = await chunks.next()) {
			samples.push(...next.value);
			progress.update(samples.length);
		}
		const { generated, ...summary } = next.value;
		const millisecondsPerSample = (performance.now() - began) / generated;
		if (summary.validity < FEW_VALID) context.remark(validityWarning(summary.validity, advice));
		return { space, generator, samples, ...inOrder(summary, millisecondsPerSample) };
	} finally {
		progress.stop();
		await pool.close();
	}
}

function inOrder(
	{ validity, uniqueness, nearest }: Omit<SampleSummary, "generated">,
	millisecondsPerSample: number,
) {
	return { validity, uniqueness, millisecondsPerSample, ...(nearest && { nearest }) };
}

function validityWarning(validity: number, advice: string): string {
	return `archgen: warning: only ${(100 * validity).toFixed(1)} % of the samples are valid; ${advice}.`;
}
