import { describe, expect, it } from "vitest";
import type { Tableau } from "./tableau.js";
import { DORMAND_PRINCE_54, TABLEAUS } from "./tableaus.js";

/** A rooted tree is the list of its root's subtrees; a leaf is []. */
type Tree = readonly Tree[];

/** All rooted trees with this many nodes, each once. */
function trees(nodes: number): Tree[] {
	return forests(nodes - 1, nodes - 1);
}

/** Multisets of trees with `nodes` nodes in total, subtrees of at most `largest` nodes first. */
function forests(nodes: number, largest: number, from = 0): Tree[][] {
	if (nodes === 0) return [[]];
	const result: Tree[][] = [];
	for (let size = Math.min(nodes, largest); size >= 1; size--) {
		const candidates = trees(size);
		const first = size === largest ? from : 0;
		for (let i = first; i < candidates.length; i++) {
			for (const rest of forests(nodes - size, size, i)) result.push([candidates[i]!, ...rest]);
		}
	}
	return result;
}

const size = (tree: Tree): number => 1 + tree.reduce((sum, child) => sum + size(child), 0);

/** γ(t) of Butcher's theory. */
const density = (tree: Tree): number =>
	size(tree) * tree.reduce((product, child) => product * density(child), 1);

/** Inner part of the elementary weight, per stage. */
function stageWeights({ nodes, coupling }: Tableau, tree: Tree): number[] {
	const children = tree.map((child) => stageWeights({ nodes, coupling } as Tableau, child));
	return nodes.map((_, i) =>
		children.reduce((product, child) => product * coupling[i]!.reduce((s, a, j) => s + a * child[j]!, 0), 1),
	);
}

/** |Σ bᵢ Φᵢ(t) − 1/γ(t)|, the defect of the order condition that belongs to the tree. */
function defect(tableau: Tableau, weights: readonly number[], tree: Tree): number {
	const phi = stageWeights(tableau, tree);
	return Math.abs(weights.reduce((sum, b, i) => sum + b * phi[i]!, 0) - 1 / density(tree));
}

function largestDefect(tableau: Tableau, weights: readonly number[], nodes: number): number {
	return Math.max(...trees(nodes).map((tree) => defect(tableau, weights, tree)));
}

describe("rooted trees", () => {
	it("are as many as there are order conditions", () => {
		expect([1, 2, 3, 4, 5, 6].map((nodes) => trees(nodes).length)).toEqual([1, 1, 2, 4, 9, 20]);
	});
});

describe.each(TABLEAUS.map((tableau) => [tableau.name, tableau] as const))("%s", (_, tableau) => {
	it("is explicit and its rows of a sum to c", () => {
		expect(tableau.coupling.length).toBe(tableau.nodes.length);
		expect(tableau.weights.length).toBe(tableau.nodes.length);
		tableau.coupling.forEach((row, i) => {
			expect(row.length).toBe(i);
			expect(row.reduce((sum, a) => sum + a, 0)).toBeCloseTo(tableau.nodes[i]!, 14);
		});
	});

	it("fulfils every order condition up to its order, and not all of the next", () => {
		for (let p = 1; p <= tableau.order; p++) {
			expect(largestDefect(tableau, tableau.weights, p)).toBeLessThan(1e-14);
		}
		expect(largestDefect(tableau, tableau.weights, tableau.order + 1)).toBeGreaterThan(1e-5);
	});

	it("says truly whether its last stage is the next step's first", () => {
		const last = tableau.coupling.at(-1)!;
		const isSame = tableau.weights.every((b, i) => b === (last[i] ?? 0)) && tableau.nodes.at(-1) === 1;
		expect(tableau.firstSameAsLast).toBe(isSame);
	});
});

describe.each(
	TABLEAUS.flatMap((tableau) => (tableau.embedded ? [{ tableau, ...tableau.embedded }] : [])),
)("the embedded solution of $tableau.name", ({ tableau, order, weights }) => {
	it("has exactly the order it states", () => {
		for (let p = 1; p <= order; p++) expect(largestDefect(tableau, weights, p)).toBeLessThan(1e-14);
		expect(largestDefect(tableau, weights, order + 1)).toBeGreaterThan(1e-5);
	});
});

describe("Dormand–Prince", () => {
	it("minimises the order-6 error as published (Hairer, Nørsett and Wanner I, II.5: ‖τ⁽⁶⁾‖ ≈ 3.99e-4)", () => {
		// Each condition is weighed by 1/σ(t), the symmetry of its tree.
		const symmetry = (tree: Tree): number => {
			const counts = new Map<string, number>();
			for (const child of tree)
				counts.set(JSON.stringify(child), (counts.get(JSON.stringify(child)) ?? 0) + 1);
			const factorial = (n: number): number => (n <= 1 ? 1 : n * factorial(n - 1));
			return (
				[...counts.values()].reduce((p, n) => p * factorial(n), 1) * tree.reduce((p, c) => p * symmetry(c), 1)
			);
		};
		const squares = trees(6).map(
			(tree) => (defect(DORMAND_PRINCE_54, DORMAND_PRINCE_54.weights, tree) / symmetry(tree)) ** 2,
		);
		expect(Math.sqrt(squares.reduce((a, b) => a + b))).toBeCloseTo(3.99e-4, 6);
	});
});
