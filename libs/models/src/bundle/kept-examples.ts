import { gunzipSync, gzipSync } from "node:zlib";
import { ArchgenError } from "@archgen/errors";
import type { SequenceExample, SequenceSplit } from "@archgen/seqgen";
import { z } from "zod";
import type { Bundle } from "../store/model-store.js";
import { BUNDLE_LAYOUT } from "./layout.js";

const count = z.int().min(0);
const positive = z.number().positive();

const LINE = z.object({
	heldOut: z.boolean(),
	weight: positive,
	condition: z.object({
		classes: positive.optional(),
		inputSize: positive.optional(),
		parameterCount: positive.optional(),
		flopCount: positive.optional(),
		naswot: positive.optional(),
		snipSsnr: positive.optional(),
		depth: positive.optional(),
		peakActivationBytesInt8: positive.optional(),
	}),
	/** Cluster or exemplar, channels, stride and repeats of each stage. */
	stages: z.array(z.tuple([count, positive, z.literal([1, 2]), positive])).min(1),
	finalChannels: positive,
});

/** Gzipped JSON lines of examples, those held out marked. */
export function keptExamplesToBytes({ training, validation }: SequenceSplit): Uint8Array {
	const lines = [
		...training.map((example) => lineOf(example, false)),
		...validation.map((example) => lineOf(example, true)),
	];
	return gzipSync(`${lines.join("\n")}\n`, { level: 9 });
}

function lineOf({ condition, sequence, weight }: SequenceExample, heldOut: boolean): string {
	const stages = sequence.stages.map(({ cluster, channels, stride, repeats }) => [
		cluster,
		channels,
		stride,
		repeats,
	]);
	return JSON.stringify({ heldOut, weight, condition, stages, finalChannels: sequence.finalChannels });
}

/**
 * The examples that a bundle keeps; undefined for one that keeps none.
 *
 * @throws ArchgenError DATA_LOSS, reason INVALID_EXAMPLES, with the line
 */
export async function readKeptExamples(bundle: Bundle): Promise<SequenceSplit | undefined> {
	if (!bundle.manifest.files.some(({ path }) => path === BUNDLE_LAYOUT.examples)) return undefined;
	const bytes = await bundle.read(BUNDLE_LAYOUT.examples);
	let text: string;
	try {
		text = gunzipSync(bytes).toString("utf8").trim();
	} catch (cause) {
		throw invalid("is no gzip file", cause);
	}
	const lines = text.split("\n").map(parseLine);
	const part = (heldOut: boolean) => lines.filter((line) => line.heldOut === heldOut).map(exampleOf);
	return { training: part(false), validation: part(true) };
}

function parseLine(text: string, index: number): z.infer<typeof LINE> {
	try {
		return LINE.parse(JSON.parse(text));
	} catch (cause) {
		throw invalid(`has no example in line ${index + 1}`, cause);
	}
}

function exampleOf({ condition, stages, finalChannels, weight }: z.infer<typeof LINE>): SequenceExample {
	const named = stages.map(([cluster, channels, stride, repeats]) => ({
		cluster,
		channels,
		stride,
		repeats,
	}));
	return { condition, sequence: { stages: named, finalChannels }, weight };
}

function invalid(problem: string, cause: unknown): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "INVALID_EXAMPLES",
		message: `${BUNDLE_LAYOUT.examples} ${problem}; write the bundle anew.`,
		cause,
	});
}
