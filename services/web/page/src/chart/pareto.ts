/** A point with its sense: the objective is better when larger unless `yDown`, costs when smaller. */
export interface Placed {
	readonly x: number;
	readonly y: number;
}

/** Indices of the points that no other one dominates, from the smallest x. */
export function frontOf(
	points: readonly Placed[],
	sense: { readonly xUp: boolean; readonly yUp: boolean },
): number[] {
	const better = (a: number, b: number, up: boolean) => (up ? a > b : a < b);
	const order = points
		.map((_, i) => i)
		.sort((a, b) => {
			const [p, q] = [points[a]!, points[b]!];
			if (p.x !== q.x) return better(p.x, q.x, sense.xUp) ? -1 : 1;
			return p.y === q.y ? 0 : better(p.y, q.y, sense.yUp) ? -1 : 1;
		});
	const front: number[] = [];
	let best: number | undefined;
	for (const i of order) {
		const { y } = points[i]!;
		if (best === undefined || better(y, best, sense.yUp)) {
			front.push(i);
			best = y;
		}
	}
	return front.sort((a, b) => points[a]!.x - points[b]!.x);
}

/** At most `count` members of a front, spread evenly over it, its ends among them. */
export function representatives(front: readonly number[], count: number): number[] {
	if (front.length <= count) return [...front];
	return Array.from({ length: count }, (_, i) => front[Math.round((i * (front.length - 1)) / (count - 1))]!);
}
