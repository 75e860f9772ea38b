import type { OnnxWriter } from "./onnx-writer.js";
import type { Shape } from "./shape.js";
import type { Tensor } from "./tensor.js";

/** Another way to write a graph into a file, e.g. in another memory layout. */
export interface GraphRewrite {
	/** Whether it writes a composite from its sources; the decomposition is written otherwise. */
	readonly takes: (composite: Tensor) => boolean;
	readonly begin: (graph: WrittenGraph) => NodeWriter;
}

/** A graph that is about to be written. */
export interface WrittenGraph {
	readonly writer: OnnxWriter;
	/** All nodes in topological order. */
	readonly order: readonly Tensor[];
	readonly outputs: readonly Tensor[];
	/** The nodes that a node is written from. */
	readonly readsOf: (node: Tensor) => readonly Tensor[];
}

/** The values of a graph as they are written, each known under the name of its plain form. */
export interface NodeWriter {
	has(node: Tensor): boolean;
	/** The shape in which an input of the file is fed. */
	input(node: Tensor, port: string): Shape;
	/** Writes a node in a way of its own; false leaves it to the node's operator. */
	write(node: Tensor): boolean;
	/** Notes the name of a value that its operator has written. */
	note(node: Tensor, name: string): void;
	/** Notes that a node has the value of another. */
	alias(node: Tensor, value: Tensor): void;
	name(node: Tensor): string;
	/** The name and shape in which a result is returned. */
	output(node: Tensor, port: string): { readonly name: string; readonly shape: Shape };
}

/** Every node by its own operator. */
export class PlainNodes implements NodeWriter {
	readonly #names = new Map<Tensor, string>();

	has(node: Tensor): boolean {
		return this.#names.has(node);
	}

	input({ shape }: Tensor): Shape {
		return shape;
	}

	write(): boolean {
		return false;
	}

	note(node: Tensor, name: string): void {
		this.#names.set(node, name);
	}

	alias(node: Tensor, value: Tensor): void {
		this.#names.set(node, this.name(value));
	}

	name(node: Tensor): string {
		return this.#names.get(node)!;
	}

	output(node: Tensor): { readonly name: string; readonly shape: Shape } {
		return { name: this.name(node), shape: node.shape };
	}
}
