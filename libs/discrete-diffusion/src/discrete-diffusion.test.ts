import { createRandom } from "@archgen/random";
import { ARCHITECTURE_SPACES, type ArchitectureSpace } from "@archgen/search-space";
import { expect, it } from "vitest";
import { conditionClasses, conditionVector } from "./conditions.js";
import { architecturesOf, graphShape, graphsOf } from "./spaces/space-graphs.js";

it.each(
	Object.values(ARCHITECTURE_SPACES) as ArchitectureSpace<unknown>[],
)("turns architectures of $name into graphs and back", (space) => {
	const random = createRandom(1);
	const architectures = Array.from({ length: 8 }, () => space.random(random));
	const graphs = graphsOf(space, architectures);
	expect(graphs.nodes.every((label) => label < graphShape(space).nodeClasses)).toBe(true);
	const json = (each: unknown) => each && JSON.stringify(space.toJson(each));
	expect(architecturesOf(space, graphs).map(json)).toEqual(architectures.map(json));
});

it("reads conditions, and refuses unknown metrics, classes and repeats by name", () => {
	const metrics = [
		{ name: "acc", classes: ["rest", "top"] as const, bound: { least: 90 } },
		{ name: "ms", classes: ["beyond", "within"] as const, bound: { most: 5 } },
	];
	const classes = conditionClasses(metrics, [{ metric: "ms", class: "within" }]);
	expect([...conditionVector(classes)]).toEqual([0, 0, 0, 1]);
	const refused = (metric: string, label: string) => () =>
		conditionClasses(metrics, [
			{ metric: "acc", class: "top" },
			{ metric, class: label },
		]);
	expect(refused("beauty", "top")).toThrow(/acc, ms/);
	expect(refused("ms", "top")).toThrow(/beyond or within/);
	expect(refused("acc", "rest")).toThrow(/twice/);
});
