import { ArchgenError } from "@archgen/errors";
import { loadTensors, type NamedArray, saveTensors, type TrainerState } from "@archgen/tensor-graph";
import { z } from "zod";
import type { SequenceCheckpoint } from "./train.js";

const metadataSchema = z.looseObject({
	step: z.coerce.number().int().min(0),
	best: z
		.string()
		.transform((text): unknown => JSON.parse(text))
		.pipe(z.looseObject({ step: z.int(), validationLoss: z.number() }))
		.optional(),
});

const PARTS = ["parameters", "first", "second"] as const;

function flatten(prefix: string, values: ReadonlyMap<string, Float32Array>): [string, NamedArray][] {
	return [...values].map(([name, data]) => [`${prefix}/${name}`, { data, shape: [data.length] }]);
}

function unflatten(
	prefix: string,
	tensors: ReadonlyMap<string, { data: Float32Array }>,
): Map<string, Float32Array> {
	const own = [...tensors].filter(([name]) => name.startsWith(`${prefix}/`));
	return new Map(own.map(([name, { data }]) => [name.slice(prefix.length + 1), data]));
}

/** Writes a checkpoint as one safetensors file, whole or not at all. */
export async function saveSequenceCheckpoint(
	path: string,
	{ trainer, best }: SequenceCheckpoint,
): Promise<void> {
	const tensors = new Map(PARTS.flatMap((part) => flatten(part, trainer[part])));
	for (const [name, value] of best ? flatten("best", best.parameters) : []) tensors.set(name, value);
	const { step, validationLoss } = best ?? {};
	await saveTensors(path, tensors, {
		step: String(trainer.step),
		...(best && { best: JSON.stringify({ step, validationLoss }) }),
	});
}

/** Reads what {@link saveSequenceCheckpoint} wrote. @throws DATA_LOSS for a damaged file */
export async function loadSequenceCheckpoint(path: string): Promise<SequenceCheckpoint> {
	const { tensors, metadata } = await loadTensors(path);
	const { step, best } = readMetadata(path, metadata);
	const [parameters, first, second] = PARTS.map((part) => unflatten(part, tensors));
	const trainer: TrainerState = {
		step,
		parameters: parameters!,
		first: first!,
		second: second!,
	};
	return { trainer, best: best === undefined ? null : { ...best, parameters: unflatten("best", tensors) } };
}

function readMetadata(path: string, metadata: unknown): z.output<typeof metadataSchema> {
	try {
		return metadataSchema.parse(metadata);
	} catch (cause) {
		throw new ArchgenError({
			category: "DATA_LOSS",
			reason: "CHECKPOINT_DAMAGED",
			message: `${path} says neither its step nor its best model readably; delete it to begin anew, or restore it.`,
			cause,
		});
	}
}
