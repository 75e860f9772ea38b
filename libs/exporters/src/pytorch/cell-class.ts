import { type Cell, parentsOf } from "@archgen/search-space";
import { OPERATION_CLASSES } from "./operation-classes.js";

/** Python source of one cell: constructor (c_in, channels, stride) and a forward pass written out node by node. */
export function cellClass(cell: Cell, name: string): string {
	const nodes = cell.operations.map((_, i) => i + 1);
	return [
		`class ${name}(nn.Module):`,
		`    """A cell of ${cell.operations.length} operations, canonical hash ${cell.hash.slice(0, 16)}."""`,
		"",
		"    def __init__(self, c_in: int, channels: int, stride: int = 1):",
		"        super().__init__()",
		...(usesProjection(cell) ? PROJECTION_LINES : []),
		...nodes.map((node) => `        self.node${node} = ${constructorCall(cell, node)}`),
		"",
		"    def forward(self, x: Tensor) -> Tensor:",
		...(usesProjection(cell) ? ["        n0 = self.projection(x)"] : []),
		...nodes.map((node) => `        n${node} = self.node${node}(${sourceOf(cell, node)})`),
		`        return ${sumOf(cell, cell.operations.length + 1)}`,
	].join("\n");
}

/** Whether some node, or the output, reads the projected input. */
export function usesProjection(cell: Cell): boolean {
	const readers = Array.from({ length: cell.operations.length + 1 }, (_, i) => i + 1);
	return readers.some((node) => parentsOf(cell, node).includes(0) && !readsRawInput(cell, node));
}

const PROJECTION_LINES = [
	"        changes = c_in != channels or stride != 1",
	"        self.projection = Projection(c_in, channels, stride) if changes else nn.Identity()",
];

/** An operation whose only parent is the input changes width and size itself. */
function readsRawInput(cell: Cell, node: number): boolean {
	const parents = parentsOf(cell, node);
	return node <= cell.operations.length && parents.length === 1 && parents[0] === 0;
}

function constructorCall(cell: Cell, node: number): string {
	const { type, kernel } = cell.operations[node - 1]!;
	const { name, arguments: extra } = OPERATION_CLASSES[type];
	const raw = readsRawInput(cell, node);
	const widths = raw ? ["c_in", "channels"] : ["channels", "channels"];
	return `${name}(${[...widths, `kernel=${kernel}`, ...(raw ? ["stride=stride"] : []), ...extra].join(", ")})`;
}

function sourceOf(cell: Cell, node: number): string {
	return readsRawInput(cell, node) ? "x" : sumOf(cell, node);
}

function sumOf(cell: Cell, node: number): string {
	return parentsOf(cell, node)
		.map((parent) => `n${parent}`)
		.join(" + ");
}
