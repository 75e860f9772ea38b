import type { Cell } from "./cell.js";
import { cellWiring } from "./cell-wiring.js";
import type { LayerGraph, Value } from "./layer.js";
import { LayerBuilder } from "./layer-builder.js";
import { OPERATION_TABLE } from "./operation-table.js";

/** The place of one cell instance. */
export interface CellSite {
	/** The incoming feature map. */
	readonly input: Value;
	/** Channels C inside and out. */
	readonly channels: number;
	readonly stride: number;
	/** Prefix of layer names, `cell` unless given. */
	readonly name?: string;
}

/** The primitive layers of one instance of a cell, with its projection where it needs one. */
export function lowerCell(cell: Cell, site: CellSite): LayerGraph {
	const builder = new LayerBuilder();
	const input = builder.input(site.input);
	return builder.build(input, appendCell(builder, cell, input, { ...site, name: site.name ?? "cell" }));
}

/** Appends one instance of a cell and returns the id of its result. */
export function appendCell(
	builder: LayerBuilder,
	cell: Cell,
	input: number,
	{ name, channels, stride }: { readonly name: string; readonly channels: number; readonly stride: number },
): number {
	const changes = builder.shape(input).channels !== channels || stride !== 1;
	const { nodes, usesProjection } = cellWiring(cell);
	const values = [changes && usesProjection ? project(builder, name, input, channels, stride) : input];
	const sum = (label: string, parents: readonly number[]) =>
		builder.add(
			label,
			parents.map((node) => values[node]!),
		);
	cell.operations.forEach(({ type, kernel }, i) => {
		const { parents, readsRaw } = nodes[i]!;
		const path = `${name}.node${i + 1}`;
		const source = readsRaw ? input : sum(`${path}.sum`, parents);
		const site = { name: path, input: source, kernel, channels, stride: readsRaw ? stride : 1 };
		values.push(OPERATION_TABLE[type].lower(builder, site));
	});
	return sum(`${name}.sum`, nodes.at(-1)!.parents);
}

/** ReLU → 1×1 with the stride → BN. */
function project(
	builder: LayerBuilder,
	name: string,
	input: number,
	channels: number,
	stride: number,
): number {
	const active = builder.relu(`${name}.projection.relu`, input);
	const mapped = builder.conv(`${name}.projection.conv`, active, { outChannels: channels, stride });
	return builder.batchNorm(`${name}.projection.norm`, mapped);
}
