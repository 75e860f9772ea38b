import type { ImageBatch } from "@archgen/datasets";
import type { ZcVector } from "@archgen/design";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { type Cell, type CellJson, cellFromJson, cellToJson } from "@archgen/search-space";
import { z } from "zod";
import { appendJsonLine, readJsonLines, repairJsonLines, startJsonLines } from "../files/json-lines.js";
import { packText } from "../files/packed-text.js";

/** What the labels of a file were computed with; its first line. */
export interface LabelHeader {
	readonly format: "archgen.labels";
	readonly version: 1;
	/** Seed of the cells and of the initial weights. */
	readonly seed: number;
	/** `identity` of the minibatch. */
	readonly images: string;
	readonly batch: number;
}

/** A cell with its zero-cost vector, or with the reason why it has none. */
export type Label = {
	/** Number of the draw that gave the cell. */
	readonly index: number;
	readonly cell: Cell;
} & ({ readonly z: ZcVector } | { readonly failure: { readonly reason: string; readonly message: string } });

/** A label with a zero-cost vector. */
export type MeasuredLabel = Extract<Label, { z: ZcVector }>;

const headerSchema = z.strictObject({
	format: z.literal("archgen.labels"),
	version: z.literal(1),
	seed: z.int(),
	images: z.string(),
	batch: z.int().min(2),
});

const row = { index: z.int().nonnegative(), hash: z.string(), cell: z.unknown() };
const measured = z.strictObject({
	...row,
	z: z.strictObject({
		naswot: z.number(),
		snipSsnr: z.number(),
		parameterCount: z.int(),
		flopCount: z.int(),
	}),
});
const failed = z.strictObject({
	...row,
	failure: z.strictObject({ reason: z.string(), message: z.string() }),
});
const labelSchema = z.union([measured, failed]);

/** The header of labels made with a seed on a minibatch. */
export function labelHeader(seed: number, { identity, shape }: ImageBatch): LabelHeader {
	return { format: "archgen.labels", version: 1, seed, images: identity, batch: shape[0] };
}

/** The labels of a file with their header. */
export interface LabelFile {
	readonly header: LabelHeader;
	/** By index; each cell once. */
	readonly labels: readonly Label[];
}

/** Reads a label file as data: an incomplete last line is left out, the file is not touched. */
export async function readLabels(path: string, option = "--labels"): Promise<LabelFile> {
	const { lines } = await readJsonLines(path);
	if (lines.length === 0)
		throw invalidArgument(option, `${path} does not exist or has no header; make it with "archgen label"`);
	return parseLabels(lines, path);
}

/**
 * Opens a label file to add to it: a new one gets its header, an incomplete last line is cut off.
 *
 * @throws ArchgenError FAILED_PRECONDITION `LABELS_MISMATCH` when it was made with other settings, INVALID_ARGUMENT
 *   `LABELS_PACKED` for a packed file
 */
export async function openLabels(path: string, header: LabelHeader): Promise<readonly Label[]> {
	if (path.endsWith(".gz")) {
		throw invalidArgument("labels", `${path} is packed; unpack it with gunzip to add to it`, "LABELS_PACKED");
	}
	const { lines } = await repairJsonLines(path);
	if (lines.length === 0) {
		await startJsonLines(path, header);
		return [];
	}
	const file = parseLabels(lines, path);
	for (const field of ["seed", "images", "batch"] as const) {
		if (file.header[field] !== header[field]) throw mismatch(path, field, file.header[field], header[field]);
	}
	return file.labels;
}

/** Appends one label. */
export function appendLabel(path: string, label: Label): Promise<void> {
	return appendJsonLine(path, toRow(label));
}

/** Writes labels in the order of their draws as a packed file with a checksum, the form in which they are kept. */
export function packLabels(path: string, { header, labels }: LabelFile): Promise<void> {
	const rows = [...labels].sort((a, b) => a.index - b.index).map(toRow);
	return packText(path, [header, ...rows].map((row) => `${JSON.stringify(row)}\n`).join(""));
}

function toRow({ index, cell, ...outcome }: Label) {
	return { index, hash: cell.hash, cell: cellToJson(cell), ...outcome };
}

export function isMeasured(label: Label): label is MeasuredLabel {
	return "z" in label;
}

function parseLabels([first, ...rest]: readonly unknown[], path: string): LabelFile {
	const header = headerSchema.safeParse(first);
	if (!header.success) throw damaged(path, 1, header.error);
	const labels = new Map<string, Label>();
	rest.forEach((line, i) => {
		const label = parseLabel(line, path, i + 2);
		// Two writers at once may have labelled a cell twice; both rows are right.
		if (!labels.has(label.cell.hash)) labels.set(label.cell.hash, label);
	});
	return { header: header.data, labels: [...labels.values()].sort((a, b) => a.index - b.index) };
}

function parseLabel(line: unknown, path: string, number: number): Label {
	const result = labelSchema.safeParse(line);
	if (!result.success) throw damaged(path, number, result.error);
	const { hash, cell: json, ...label } = result.data;
	const cell = cellFromJson(json as CellJson);
	if (cell.hash !== hash) throw damaged(path, number, new Error("the hash does not belong to the cell"));
	return { ...label, cell };
}

function damaged(path: string, line: number, cause: Error): ArchgenError {
	const [issue] = cause instanceof z.ZodError ? cause.issues : [];
	const what = issue ? `${issue.path.map(String).join(".")} ${issue.message}` : cause.message;
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "LABELS_INVALID",
		message: `${path}, line ${line}: ${what}; remove the line or label into another file.`,
		cause,
	});
}

function mismatch(path: string, field: string, old: string | number, now: string | number): ArchgenError {
	return new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "LABELS_MISMATCH",
		message: `${path} was made with ${field} ${old}, not ${now}; use the same settings or another file.`,
		metadata: { path, field },
	});
}
