import { compositeOperator } from "../operators/composite.js";
import type { GraphRewrite, NodeWriter, WrittenGraph } from "../rewrite.js";
import type { Tensor } from "../tensor.js";
import { BlockedLayout, type LaidOut } from "./blocked-layout.js";
import { takesComposite, writeComposite } from "./composites.js";
import { writeBlocked } from "./rules.js";

const isComposite = ({ operator }: Tensor) => (operator as unknown) === compositeOperator;

/**
 * Writes convolutions and what stands between them in channel-blocked layout (see `BlockedLayout`).
 *
 * @param block channels side by side, from `detectChannelBlock`
 * @param ports inputs and outputs [N, C, H, W] that are themselves fed and returned in blocked layout, as [N, C', H, W], so that one
 *   model's output becomes the next one's input without conversion
 */
export function blockedRewrite(block: number, ports: ReadonlySet<string> = new Set()): GraphRewrite {
	return { takes: takesComposite, begin: (graph) => blockedNodes(graph, block, ports) };
}

function blockedNodes(graph: WrittenGraph, block: number, ports: ReadonlySet<string>): NodeWriter {
	const values = new Map<Tensor, LaidOut>();
	const layout = new BlockedLayout(graph.writer, block, values, readersOf(graph));
	return {
		has: (node) => values.has(node),
		input: (node, port) => {
			if (!ports.has(port)) return node.shape;
			values.set(node, { blocked: port });
			return layout.shapeOf(node);
		},
		write: (node) => {
			const laidOut =
				isComposite(node) && takesComposite(node) ? writeComposite(layout, node) : writeBlocked(layout, node);
			if (laidOut !== null) values.set(node, laidOut);
			return laidOut !== null;
		},
		note: (node, plain) => void values.set(node, { plain }),
		alias: (node, value) => void values.set(node, layout.of(value)),
		name: (node) => layout.plain(node),
		output: (node, port) =>
			ports.has(port)
				? { name: layout.blocked(node), shape: layout.shapeOf(node) }
				: { name: layout.plain(node), shape: node.shape },
	};
}

/** The nodes that read each value; a value that is returned counts as its own reader. */
function readersOf({ order, outputs, readsOf }: WrittenGraph): ReadonlyMap<Tensor, readonly Tensor[]> {
	const readers = new Map<Tensor, Tensor[]>();
	const add = (x: Tensor, reader: Tensor) => readers.set(x, [...(readers.get(x) ?? []), reader]);
	for (const node of order) for (const x of readsOf(node)) add(x, node);
	for (const output of outputs) add(output, output);
	return readers;
}
