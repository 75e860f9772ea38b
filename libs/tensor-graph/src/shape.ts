/** An axis length; a string names an axis whose length is known only when the model runs. */
export type Dim = number | string;
export type Shape = readonly Dim[];

/** Inputs whose shapes do not fit an operator: a defect in the model's definition, found when it is built. */
export class ShapeError extends Error {
	override readonly name = "ShapeError";
}

export function describeShape(shape: Shape): string {
	return `[${shape.join(", ")}]`;
}

/** The shape as numbers; throws ShapeError when an axis is dynamic. */
export function staticShape(shape: Shape): readonly number[] {
	if (shape.some((dim) => typeof dim === "string"))
		throw new ShapeError(`a static shape is needed here, not ${describeShape(shape)}`);
	return shape as readonly number[];
}

/** Number of elements of a static shape. */
export function elementCount(shape: Shape): number {
	return staticShape(shape).reduce((product, dim) => product * dim, 1);
}

/** NumPy broadcasting. */
export function broadcastShapes(a: Shape, b: Shape): Shape {
	const rank = Math.max(a.length, b.length);
	return Array.from({ length: rank }, (_, i) => {
		const x = a[i - rank + a.length] ?? 1;
		const y = b[i - rank + b.length] ?? 1;
		if (x === y || y === 1) return x;
		if (x === 1) return y;
		throw new ShapeError(`cannot broadcast ${describeShape(a)} with ${describeShape(b)}`);
	});
}

/** Axes of `shape` that were repeated when a tensor of shape `from` was broadcast to it. */
export function broadcastAxes(from: Shape, shape: Shape): number[] {
	const lead = shape.length - from.length;
	return shape.flatMap((dim, axis) => (axis < lead || (from[axis - lead] === 1 && dim !== 1) ? [axis] : []));
}

export function sameShape(a: Shape, b: Shape): boolean {
	return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** Turns negative axes into positive ones. */
export function normalizeAxis(axis: number, rank: number): number {
	const positive = axis < 0 ? axis + rank : axis;
	if (!Number.isInteger(axis) || positive < 0 || positive >= rank)
		throw new ShapeError(`axis ${axis} is outside a tensor of rank ${rank}`);
	return positive;
}
