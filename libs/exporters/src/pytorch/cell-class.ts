import { type Cell, cellWiring, type NodeWiring, type Operation } from "@archgen/search-space";
import { OPERATION_CLASSES } from "./operation-classes.js";

/** Python source of one cell: constructor (c_in, channels, stride) and a forward pass written out node by node. */
export function cellClass(cell: Cell, name: string): string {
	const { nodes, usesProjection } = cellWiring(cell);
	const operations = cell.operations.map((operation, i) => ({ ...operation, ...nodes[i]!, node: i + 1 }));
	return [
		`class ${name}(nn.Module):`,
		`    """A cell of ${cell.operations.length} operations, canonical hash ${cell.hash.slice(0, 16)}."""`,
		"",
		"    def __init__(self, c_in: int, channels: int, stride: int = 1):",
		"        super().__init__()",
		...(usesProjection ? PROJECTION_LINES : []),
		...operations.map((each) => `        self.node${each.node} = ${constructorCall(each)}`),
		"",
		"    def forward(self, x: Tensor) -> Tensor:",
		...(usesProjection ? ["        n0 = self.projection(x)"] : []),
		...operations.map(({ node, ...each }) => `        n${node} = self.node${node}(${sourceOf(each)})`),
		`        return ${sumOf(nodes.at(-1)!)}`,
	].join("\n");
}

const PROJECTION_LINES = [
	"        changes = c_in != channels or stride != 1",
	"        self.projection = Projection(c_in, channels, stride) if changes else nn.Identity()",
];

function constructorCall({ type, kernel, readsRaw }: Operation & NodeWiring): string {
	const { name, arguments: extra } = OPERATION_CLASSES[type];
	const widths = readsRaw ? ["c_in", "channels"] : ["channels", "channels"];
	return `${name}(${[...widths, `kernel=${kernel}`, ...(readsRaw ? ["stride=stride"] : []), ...extra].join(", ")})`;
}

function sourceOf(wiring: NodeWiring): string {
	return wiring.readsRaw ? "x" : sumOf(wiring);
}

function sumOf({ parents }: NodeWiring): string {
	return parents.map((parent) => `n${parent}`).join(" + ");
}
