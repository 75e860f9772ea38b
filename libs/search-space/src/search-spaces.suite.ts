import { createRandom } from "@archgen/random";
import fc from "fast-check";
import { expect, it } from "vitest";
import { countLayers } from "./counting.js";
import { squareMap } from "./layer.js";
import { parameterSpecs } from "./parameters.js";
import { architectureKey } from "./search-space.js";
import { architectureFromJson, architectureSpace, architectureToJson, searchSpace } from "./search-spaces.js";
import { edgesOf, readTensors } from "./tensors.js";

/** What holds for every space of {@link ARCHITECTURE_SPACES}; called within a `describe`. */
export function architectureSuite(name: string): void {
	const space = architectureSpace(name);
	const { tensorShape: shape } = space;
	const architectures = fc.integer().map((seed) => space.random(createRandom(seed)));
	const holds = (check: (architecture: unknown, seed: number) => void, numRuns = 60) =>
		fc.assert(fc.property(architectures, fc.integer(), check), { numRuns });
	const key = (architecture: unknown) => architectureKey(space, architecture);

	it("is found by its name", () => {
		expect(architectureSpace(name)).toBe(space);
		expect(space.name).toBe(name);
	});

	it("samples valid architectures, the same from the same stream, and not always the same", () => {
		holds((architecture, seed) => {
			expect(space.problem(architecture)).toBeUndefined();
			expect(key(space.random(createRandom(seed)))).toBe(key(space.random(createRandom(seed))));
		});
		const keys = Array.from({ length: 20 }, (_, seed) => key(space.random(createRandom(seed))));
		expect(new Set(keys).size).toBeGreaterThan(15);
	});

	it("mutates into another valid architecture, the same from the same stream", () => {
		holds((architecture, seed) => {
			const mutant = space.mutate(architecture, createRandom(seed));
			expect(space.problem(mutant)).toBeUndefined();
			expect(key(mutant)).not.toBe(key(architecture));
			expect(key(space.mutate(architecture, createRandom(seed)))).toBe(key(mutant));
		});
	});

	it("reads its own JSON, whose architecture has the same hash", () => {
		holds((architecture) => {
			const read = space.fromJson(JSON.parse(JSON.stringify(space.toJson(architecture))));
			expect(key(read)).toBe(key(architecture));
			expect(space.hash(read)).toBe(space.hash(architecture));
			expect(space.hash(architecture)).not.toBe("");
		});
	});

	it("refuses JSON that is none of its own", () => {
		const own = space.toJson(space.random(createRandom(1))) as object;
		for (const wrong of [null, 7, "x", [], {}, { ...own, extra: 1 }])
			expect(() => space.fromJson(wrong)).toThrow(expect.objectContaining({ category: "INVALID_ARGUMENT" }));
	});

	it("encodes architectures as graphs of its tensor shape and decodes them again", () => {
		holds((architecture) => {
			const tensors = space.encode(architecture);
			expect(readTensors(shape, tensors).valid).toBe(true);
			const decoded = space.decode(tensors);
			expect(decoded.valid && key(decoded.architecture)).toBe(key(architecture));
		});
	});

	it("says why tensors are no architecture", () => {
		holds((architecture, seed) => {
			const tensors = space.encode(architecture);
			const node = createRandom(seed).integer(shape.nodes);
			const width = shape.classes.length;
			const reasonOf = (change: (copy: { nodes: Float32Array; adjacency: Float32Array }) => void) => {
				const copy = { nodes: tensors.nodes.slice(), adjacency: tensors.adjacency.slice() };
				change(copy);
				const decoded = space.decode(copy);
				return decoded.valid ? "valid" : decoded.reason;
			};
			expect(reasonOf(({ nodes }) => nodes.fill(1, node * width, (node + 1) * width))).toBe(
				"NODE_NOT_ONE_HOT",
			);
			expect(reasonOf(({ nodes }) => nodes.fill(0.5))).toBe("NOT_BINARY");
			expect(reasonOf(({ adjacency }) => adjacency.fill(1))).toBe("EDGE_BACKWARD");
			const cleared = reasonOf(({ nodes }) => nodes.fill(0));
			expect(cleared).toMatch(shape.absentNodes ? /^[A-Z_]+$/ : /^NODE_ABSENT$/);
			if (shape.edges) expect(reasonOf(({ adjacency }) => adjacency.fill(0))).toBe("EDGES_DIFFER");
		}, 10);
	});

	it("has edges to later nodes only, fixed ones where it says so", () => {
		expect(new Set(shape.classes).size).toBe(shape.classes.length);
		for (const [from, to] of shape.edges ?? []) expect(from).toBeLessThan(to);
		holds((architecture) => {
			const edges = edgesOf(shape.nodes, space.encode(architecture).adjacency);
			if (shape.edges) expect(new Set(edges.map(String))).toEqual(new Set(shape.edges.map(String)));
		}, 5);
	});
}

/** What holds for every space of {@link SEARCH_SPACES}, whose architectures become networks. */
export function networkSuite(name: string): void {
	const space = searchSpace(name);
	const architectures = fc.integer().map((seed) => space.random(createRandom(seed)));
	const holds = (check: (architecture: unknown) => void, numRuns: number) =>
		fc.assert(fc.property(architectures, check), { numRuns });

	it("are found by name, and their JSON names the space and what is wrong", () => {
		expect(searchSpace(name)).toBe(space);
		const architecture = space.random(createRandom(1));
		const document = JSON.parse(JSON.stringify(architectureToJson({ space, architecture })));
		const read = architectureFromJson(document);
		expect([read.space, architectureKey(space, read.architecture)]).toEqual([
			space,
			architectureKey(space, architecture),
		]);
		expect(() => architectureFromJson({ ...document, architecture: 7 })).toThrow(
			expect.objectContaining({ violations: [expect.objectContaining({ field: "architecture" })] }),
		);
		expect(() => architectureFromJson({ ...document, target: { size: 4, classes: 10 } })).toThrow(
			expect.objectContaining({ reason: "INVALID_TARGET" }),
		);
	});

	it("lowers to a chain of sections from the target's images to its classes", () => {
		holds((architecture) => {
			const graph = space.lower(architecture);
			const { sections, values, layers } = graph;
			expect(values[graph.input]).toEqual(squareMap(3, space.target.size));
			expect(values[graph.output]!.channels).toBe(space.target.classes);
			expect([sections[0]!.input, sections.at(-1)!.output]).toEqual([graph.input, graph.output]);
			expect([sections[0]!.kind, sections.at(-1)!.kind]).toEqual(["stem", "head"]);
			expect(sections.slice(1).map(({ input, firstLayer }) => [input, firstLayer])).toEqual(
				sections.slice(0, -1).map(({ output, endLayer }) => [output, endLayer]),
			);
			expect(new Set(layers.map((layer) => layer.name)).size).toBe(layers.length);
			for (const { name: prefix, firstLayer, endLayer } of sections)
				for (const layer of layers.slice(firstLayer, endLayer))
					expect(layer.name.startsWith(`${prefix}.`)).toBe(true);
		}, 10);
	});

	it("has as many parameters as its tensors have numbers, and more classes cost more", () => {
		holds((architecture) => {
			const graph = space.lower(architecture);
			const { parameterCount, macCount } = countLayers(graph);
			const sizes = parameterSpecs(graph).map(({ shape }) => shape.reduce((a, b) => a * b, 1));
			expect(sizes.reduce((a, b) => a + b, 0)).toBe(parameterCount);
			const { size, classes } = space.target;
			const wider = countLayers(space.lower(architecture, { size, classes: classes + 1 }));
			expect(wider.parameterCount).toBeGreaterThan(parameterCount);
			expect(wider.macCount).toBeGreaterThan(macCount);
		}, 10);
	});

	it("refuses targets outside its limits and names them", () => {
		const architecture = space.random(createRandom(0));
		const { size, classes } = space.limits;
		expect(() => space.lower(architecture, { size: size.maximum + 1, classes: classes.minimum - 1 })).toThrow(
			expect.objectContaining({
				reason: "INVALID_TARGET",
				violations: [
					expect.objectContaining({ field: "target.size" }),
					expect.objectContaining({ field: "target.classes" }),
				],
			}),
		);
	});
}
