import { targetViolations } from "@archgen/design";
import { ArchgenError } from "@archgen/errors";
import { parseJson, withoutMark } from "@archgen/files";
import {
	cellFromJson,
	cellToJson,
	networkHash,
	type Stride,
	TASK_NAMES,
	type Target,
} from "@archgen/search-space";
import { z } from "zod";
import { designNetwork, type MacroDesign } from "./design.js";
import type { Launch } from "./log.js";
import type { MutationKind } from "./mutations.js";
import { MUTATIONS } from "./mutations.js";
import type { EvolutionRecord } from "./record.js";

const count = z.int().nonnegative();
const cell = z.unknown().transform((value, context) => {
	try {
		return cellFromJson(value);
	} catch (error) {
		if (!(error instanceof ArchgenError)) throw error;
		context.addIssue({ code: "custom", message: error.message });
		return z.NEVER;
	}
});
const stride = z.union([z.literal(1), z.literal(2)]);
const channels = z.int().min(8).max(1024).multipleOf(8);
const stage = z.strictObject({ cluster: count, channels, stride, repeats: z.int().min(1).max(4), cell });
const mutation = z.strictObject({
	kind: z.enum(Object.keys(MUTATIONS) as [MutationKind, ...MutationKind[]]),
	stage: count.nullable(),
});

const launchFields = {
	proposal: count,
	parent: count.nullable(),
	mutations: z.array(mutation),
	phase: z.enum(["start", "exploration", "exploitation"]),
	design: z.strictObject({
		stages: z.array(stage).min(1),
		stemChannels: channels,
		stemStride: stride,
		finalChannels: channels,
	}),
	hash: z.string(),
	counts: z.strictObject({ parameterCount: count, macCount: count, flopCount: count, layerCount: count }),
	measures: z
		.strictObject({
			peakActivationBytes: count.optional(),
			latencyMs: z.number().nonnegative().optional(),
			latencyErrorMs: z.number().nonnegative().optional(),
		})
		.optional(),
	excess: z.number().positive().optional(),
	dropped: z.record(z.string(), count),
};

const recordSchema = z.strictObject({
	index: count,
	...launchFields,
	target: z
		.strictObject({
			size: z.int(),
			classes: z.int(),
			width: z.int().optional(),
			channels: z.int().optional(),
			task: z.enum(TASK_NAMES).optional(),
			outputStride: z.int().optional(),
		})
		.superRefine((target, context) => {
			for (const { field, description } of targetViolations(target, ""))
				context.addIssue({ code: "custom", path: [field.slice(1)], message: description });
		}),
	score: z.number(),
	naswot: z.number().optional(),
	snipSsnr: z.number().optional(),
});

const launchSchema = z.strictObject(launchFields);

/** One line of a history file, without the line break. */
export function recordToLine(record: EvolutionRecord): string {
	return JSON.stringify({ ...record, design: designToJson(record.design, record.target) });
}

/** A launch as one line of JSON, its design in the form of a history. */
export function launchToLine(launch: Launch, target: Target): string {
	return JSON.stringify({ ...launch, design: designToJson(launch.design, target) });
}

/** Reads what {@link launchToLine} wrote; throws INVALID_ARGUMENT, reason HISTORY_INVALID. */
export function parseLaunch(line: string): Launch {
	const result = launchSchema.safeParse(documentIn(line));
	if (!result.success) throw lineError("launch", 0, "", result.error.message);
	const { stemChannels: _, stemStride: __, ...design } = result.data.design;
	return { ...result.data, design };
}

function designToJson(design: MacroDesign, target: Target) {
	const { stem } = designNetwork(design, target);
	return {
		stages: design.stages.map((stage) => ({ ...stage, cell: cellToJson(stage.cell) })),
		stemChannels: stem.channels,
		stemStride: stem.stride,
		finalChannels: design.finalChannels,
	};
}

/**
 * Reads a history of JSON lines.
 *
 * @param source name of the file for error messages
 * @param options `dropPartialLine` ignores a last line without line break that is no JSON: what a writer that was
 *   killed leaves behind
 * @throws ArchgenError INVALID_ARGUMENT, reason HISTORY_INVALID, with the line and the field (`lines[3].design.…`)
 */
export function parseHistory(
	text: string,
	source = "history",
	{ dropPartialLine = false }: { readonly dropPartialLine?: boolean } = {},
): EvolutionRecord[] {
	const lines = withoutMark(text).split("\n");
	const last = lines.pop()!;
	if (last !== "" && !(dropPartialLine && documentIn(last) === undefined)) lines.push(last);
	return lines.map((line, i) => parseLine(line, i, source));
}

/** Reads one line of a history, whatever its index; throws as {@link parseHistory}. */
export function parseRecord(line: string, source = "record"): EvolutionRecord {
	const json = documentIn(line) as { index?: unknown } | undefined;
	return parseLine(line, typeof json?.index === "number" ? json.index : 0, source);
}

function parseLine(line: string, index: number, source: string): EvolutionRecord {
	const json = documentIn(line);
	if (json === undefined) throw lineError(source, index, "", "is not JSON");
	const result = recordSchema.safeParse(json);
	if (!result.success) {
		const [issue] = result.error.issues;
		throw lineError(source, index, issue!.path.map(String).join("."), issue!.message);
	}
	const { design, ...rest } = result.data;
	const { stemChannels, stemStride, ...plain } = design;
	const record: EvolutionRecord = { ...rest, design: plain };
	checkConsistency(record, { channels: stemChannels, stride: stemStride }, index, source);
	return record;
}

function checkConsistency(
	record: EvolutionRecord,
	stem: { readonly channels: number; readonly stride: Stride },
	index: number,
	source: string,
): void {
	if (record.index !== index)
		throw lineError(source, index, "index", `must be ${index}, not ${record.index}`);
	if (record.parent !== null && record.parent >= index) {
		throw lineError(source, index, "parent", `must name an earlier record, not ${record.parent}`);
	}
	const network = designNetwork(record.design, record.target);
	if (network.stem.channels !== stem.channels || network.stem.stride !== stem.stride) {
		throw lineError(
			source,
			index,
			"design.stemChannels",
			"or stemStride does not follow from the first stage",
		);
	}
	if (networkHash(network) !== record.hash)
		throw lineError(source, index, "hash", "does not belong to the design");
}

function documentIn(line: string): unknown {
	try {
		return parseJson(line);
	} catch {
		return undefined;
	}
}

function lineError(source: string, index: number, field: string, description: string): ArchgenError {
	const [where, what] =
		field === "" ? [`lines[${index}]`, description] : [`lines[${index}].${field}`, `${field} ${description}`];
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "HISTORY_INVALID",
		message: `${source}, line ${index + 1}: ${what}`,
		violations: [{ field: where, description }],
		metadata: { source, line: String(index + 1) },
	});
}
