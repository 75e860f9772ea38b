/**
 * Volume that points dominate above a reference point, all coordinates to be maximised (Zitzler & Thiele 1999), by slices along the last coordinate. Points that
 * are not above the reference in every coordinate add nothing.
 *
 * @param points with as many coordinates as the reference
 */
export function hypervolume(points: readonly (readonly number[])[], reference: readonly number[]): number {
	const above = points.filter((point) => reference.every((least, k) => point[k]! > least));
	return slices(above, reference, reference.length);
}

function slices(
	points: readonly (readonly number[])[],
	reference: readonly number[],
	dimensions: number,
): number {
	const last = dimensions - 1;
	if (points.length === 0) return 0;
	if (last === 0) return Math.max(...points.map(([x]) => x!)) - reference[0]!;
	const levels = [...new Set(points.map((point) => point[last]!))].sort((a, b) => b - a);
	return levels.reduce((volume, level, i) => {
		const height = level - (levels[i + 1] ?? reference[last]!);
		const reaching = points.filter((point) => point[last]! >= level);
		return volume + height * slices(undominated(reaching, last), reference, last);
	}, 0);
}

/** Points without those that another one equals or exceeds in each of the first coordinates. */
function undominated(points: readonly (readonly number[])[], dimensions: number): (readonly number[])[] {
	const exceeds = (a: readonly number[], b: readonly number[]) => {
		for (let k = 0; k < dimensions; k++) if (a[k]! < b[k]!) return false;
		return true;
	};
	const kept: (readonly number[])[] = [];
	for (const point of points) {
		if (kept.some((other) => exceeds(other, point))) continue;
		kept.splice(0, kept.length, ...kept.filter((other) => !exceeds(point, other)), point);
	}
	return kept;
}
