import { OPERATION_TABLE, type OperationType } from "@archgen/search-space";
import { element, text } from "./elements.js";
import { OPERATION_COLORS } from "./operation-colors.js";
import { type Box, flowRows } from "./rows.js";

/** Part of a picture with its top left corner at 0, 0. */
export interface Drawing extends Box {
	readonly svg: string;
}

const SWATCH = { width: 22, height: 14 };
const LINE = 18;
const CHARACTER_WIDTH = 6.9;
const GAP = 18;
const ROW_GAP = 6;

/** Colours of operations with their names, in rows of at most a width. */
export function colorLegend(types: readonly OperationType[], width: number): Drawing {
	const rows = flowRows(types.map(entry), width, GAP);
	const svg = rows.boxes.map(({ box, x, y, row }) =>
		element(
			"g",
			{ class: "swatch", transform: `translate(${x.toFixed(1)} ${y - row * (GAP - ROW_GAP)})` },
			box.svg,
		),
	);
	const lines = 1 + (rows.boxes.at(-1)?.row ?? -1);
	return { width: rows.width, height: lines * (SWATCH.height + ROW_GAP), svg: svg.join("") };
}

function entry(type: OperationType): Drawing {
	const name = `${type}: ${OPERATION_TABLE[type].title}`;
	const { fill, stroke } = OPERATION_COLORS[type];
	const swatch = element("rect", { ...SWATCH, rx: 4, fill, stroke });
	const width = SWATCH.width + 8 + name.length * CHARACTER_WIDTH;
	return { width, height: SWATCH.height, svg: swatch + text(SWATCH.width + 8, 11, name, "detail") };
}

/** Texts one under another, broken behind spaces and commas where they are wider than a width. */
export function noteLines(notes: readonly string[], width: number): Drawing {
	const most = Math.max(20, Math.floor(width / CHARACTER_WIDTH));
	const lines = notes.flatMap((note) => broken(note, most));
	const svg = lines.map((line, i) => text(0, 13 + LINE * i, line, "detail")).join("");
	return { width, height: LINE * lines.length, svg };
}

function broken(note: string, most: number): string[] {
	const lines = [""];
	for (const part of note.match(/[^ ,]*[ ,]*/g) ?? []) {
		const last = lines.at(-1)!;
		if (last !== "" && (last + part).trimEnd().length > most) lines.push(part);
		else lines[lines.length - 1] = last + part;
	}
	return lines.map((line) => line.trimEnd());
}
