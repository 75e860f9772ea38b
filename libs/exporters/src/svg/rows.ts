/** Something with a size that wants a place. */
export interface Box {
	readonly width: number;
	readonly height: number;
}

/** A box with the place of its top left corner and its row. */
export interface PlacedBox<T extends Box> {
	readonly box: T;
	readonly x: number;
	readonly y: number;
	readonly row: number;
}

export interface Rows<T extends Box> {
	readonly width: number;
	readonly height: number;
	readonly boxes: readonly PlacedBox<T>[];
}

/** Sets boxes from left to right and breaks rows at a width, like words of a text; a wider box has its own row. */
export function flowRows<T extends Box>(boxes: readonly T[], maxWidth: number, gap: number): Rows<T> {
	const placed: PlacedBox<T>[] = [];
	let [x, y, row, rowHeight, width] = [0, 0, 0, 0, 0];
	for (const box of boxes) {
		if (x > 0 && x + box.width > maxWidth) {
			y += rowHeight + gap;
			[x, rowHeight] = [0, 0];
			row++;
		}
		placed.push({ box, x, y, row });
		width = Math.max(width, x + box.width);
		x += box.width + gap;
		rowHeight = Math.max(rowHeight, box.height);
	}
	return { width, height: y + rowHeight, boxes: placed };
}
