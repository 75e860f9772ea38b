import type { NetworkGraph } from "@archgen/search-space";
import { sectionBody } from "./section-class.js";

/** Python source of a network as one class for each kind of section, equal sections sharing one, and the network that chains them. */
export function graphClasses(graph: NetworkGraph): string[] {
	const names = new Map<string, string>();
	const classes: string[] = [];
	const classOf = graph.sections.map((section) => {
		const body = sectionBody(graph, section);
		const known = names.get(body);
		if (known !== undefined) return known;
		const kind = section.kind[0]!.toUpperCase() + section.kind.slice(1);
		const name = ["stem", "head"].includes(section.kind) ? kind : `${kind}${names.size}`;
		names.set(body, name);
		classes.push(`class ${name}(nn.Module):\n${body}`);
		return name;
	});
	return [...classes, networkClass(graph, classOf)];
}

/** `nn.ModuleDict`s hold sections with dotted names, so that state_dict names are those of the layers. */
function networkClass({ sections, values, input, output }: NetworkGraph, classOf: readonly string[]): string {
	const { height, width } = values[input]!;
	const containers = new Set<string>();
	const constructors = sections.flatMap(({ name }, i) => {
		const parts = name.split(".");
		const parents = parts.slice(0, -1).map((_, depth) => parts.slice(0, depth + 1));
		const opened = parents.filter((parent) => !containers.has(parent.join(".")));
		for (const parent of opened) containers.add(parent.join("."));
		return [
			...opened.map((parent) => `${access(parent)} = nn.ModuleDict()`),
			`${access(parts)} = ${classOf[i]}()`,
		];
	});
	return [
		"class Network(nn.Module):",
		`    """Maps images [batch, 3, ${height}, ${width}] to logits [batch, ${values[output]!.channels}]."""`,
		"",
		"    def __init__(self):",
		"        super().__init__()",
		...constructors.map((line) => `        ${line}`),
		"",
		"    def forward(self, images: Tensor) -> Tensor:",
		"        x = images",
		...sections.map(({ name }) => `        x = ${access(name.split("."))}(x)`),
		"        return x",
	].join("\n");
}

/** Attribute of the network, then keys. */
function access([first, ...keys]: readonly string[]): string {
	return `self.${first}${keys.map((key) => `["${key}"]`).join("")}`;
}
