import type { Layer, NetworkGraph, Section } from "@archgen/search-space";
import { constructLayer, layerCall } from "./layer-modules.js";

/** Body of the Python class of a section: equal for sections that are built alike. */
export function sectionBody(graph: NetworkGraph, section: Section): string {
	const layers = graph.layers.slice(section.firstLayer, section.endLayer);
	const pathOf = ({ name }: Layer) => name.slice(section.name.length + 1);
	return [
		"    def __init__(self):",
		"        super().__init__()",
		...constructors(layers, pathOf).map((line) => `        ${line}`),
		"",
		"    def forward(self, x: Tensor) -> Tensor:",
		...statements(layers, section, pathOf).map((line) => `        ${line}`),
	].join("\n");
}

/** One assignment for each module, and one for each container before its first member. */
function constructors(layers: readonly Layer[], pathOf: (layer: Layer) => string): string[] {
	const containers = new Set<string>();
	return layers.flatMap((layer) => {
		const call = constructLayer(layer);
		if (call === null) return [];
		const parts = pathOf(layer).split(".");
		const parents = parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join("."));
		const opened = parents.filter((parent) => !containers.has(parent));
		for (const parent of opened) containers.add(parent);
		return [...opened.map((parent) => `self.${parent} = nn.Module()`), `self.${parts.join(".")} = ${call}`];
	});
}

/** Assignments in order of execution; chains reuse one variable, values that are read later keep their own. */
function statements(layers: readonly Layer[], section: Section, pathOf: (layer: Layer) => string): string[] {
	const names = new Map<number, string>([[section.input, "x"]]);
	const nameOf = (value: number) => names.get(value)!;
	const readLater = (value: number, after: number) =>
		value === section.output || layers.slice(after + 1).some(({ inputs }) => inputs.includes(value));
	const free = (at: number) => {
		const held = new Set([...names].filter(([value]) => readLater(value, at)).map(([, name]) => name));
		for (let i = 0; ; i++) {
			const candidate = i === 0 ? "x" : `y${i}`;
			if (!held.has(candidate)) return candidate;
		}
	};
	const lines = layers.map((layer, i) => {
		const expression = layerCall(layer, pathOf(layer), layer.inputs.map(nameOf));
		const target = free(i);
		for (const [value, name] of names) if (name === target) names.delete(value);
		names.set(layer.output, target);
		return `${target} = ${expression}`;
	});
	return [...lines, `return ${nameOf(section.output)}`];
}
