import type { ArchitectureSpace, TensorShape } from "@archgen/search-space";

/** Rounds of neighbourhood labels, as in Weisfeiler and Lehman's test of isomorphism. */
const ROUNDS = 2;

/**
 * The distance by which a surrogate compares architectures of a space. Where all have the same edges: the number of nodes with different classes
 * (Hamming). Where edges differ: 10 (1 − cosine) of counts of labels that a node's class and those of its predecessors up to two steps away make
 * (Weisfeiler–Lehman, as NAS-BOWL by Ru et al. 2021); both lie between 0 and about the number of nodes.
 */
export function architectureDistance<A>(space: ArchitectureSpace<A>): (a: A, b: A) => number {
	return space.tensorShape.edges === null
		? comparing(space, labelCounts, cosineDistance)
		: comparing(space, (classes) => classes, hammingDistance);
}

/** Compares descriptions, each of which is made once. */
function comparing<A, F>(
	space: ArchitectureSpace<A>,
	describe: (classes: readonly number[], adjacency: Float32Array) => F,
	compare: (a: F, b: F) => number,
): (a: A, b: A) => number {
	const known = new WeakMap<A & object, F>();
	const description = (architecture: A & object) => {
		const found = known.get(architecture);
		if (found !== undefined) return found;
		const { nodes, adjacency } = space.encode(architecture);
		const made = describe(classesOf(space.tensorShape, nodes), adjacency);
		known.set(architecture, made);
		return made;
	};
	return (a, b) => compare(description(a as A & object), description(b as A & object));
}

/** Class of each node; −1 for an absent one. */
function classesOf({ nodes, classes }: TensorShape, oneHot: Float32Array): number[] {
	const width = classes.length;
	return Array.from({ length: nodes }, (_, node) =>
		oneHot.subarray(node * width, (node + 1) * width).indexOf(1),
	);
}

function hammingDistance(a: readonly number[], b: readonly number[]): number {
	let different = 0;
	for (let node = 0; node < a.length; node++) if (a[node] !== b[node]) different++;
	return different;
}

/** Numbers of nodes by the labels that they have after 0, 1 and 2 rounds. */
function labelCounts(classes: readonly number[], adjacency: Float32Array): ReadonlyMap<string, number> {
	const counts = new Map<string, number>();
	let labels = classes.map(String);
	for (let round = 0; round <= ROUNDS; round++) {
		classes.forEach((label, node) => {
			const name = `${round}:${labels[node]}`;
			if (label >= 0) counts.set(name, (counts.get(name) ?? 0) + 1);
		});
		labels = labels.map((label, node) => {
			const before = labels.filter((_, other) => adjacency[other * labels.length + node] === 1);
			return `${label}(${before.sort().join()})`;
		});
	}
	return counts;
}

function cosineDistance(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
	let product = 0;
	for (const [label, count] of a) product += count * (b.get(label) ?? 0);
	const square = (counts: ReadonlyMap<string, number>) =>
		[...counts.values()].reduce((sum, count) => sum + count ** 2, 0);
	return 10 * (1 - product / Math.sqrt(square(a) * square(b)));
}
