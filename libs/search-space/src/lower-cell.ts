import { type Cell, parentsOf } from "./cell.js";
import type { LayerGraph } from "./layer.js";
import { LayerBuilder } from "./layer-builder.js";
import { OPERATION_TABLE } from "./operation-table.js";

/** The place of one cell instance. */
export interface CellSite {
	/** Channels of the incoming value. */
	readonly inChannels: number;
	/** Channels C inside and out. */
	readonly channels: number;
	readonly stride: number;
	/** Side of the incoming feature map. */
	readonly size: number;
	/** Prefix of layer names, `cell` unless given. */
	readonly name?: string;
}

/** The primitive layers of one instance of a cell, with its projection where it needs one. */
export function lowerCell(cell: Cell, site: CellSite): LayerGraph {
	const builder = new LayerBuilder();
	const input = builder.input({ channels: site.inChannels, size: site.size });
	return builder.build(input, appendCell(builder, cell, input, { name: "cell", ...site }));
}

/** Appends one instance of a cell and returns the id of its result. */
export function appendCell(
	builder: LayerBuilder,
	cell: Cell,
	input: number,
	{ name, channels, stride }: { readonly name: string; readonly channels: number; readonly stride: number },
): number {
	const changes = builder.shape(input).channels !== channels || stride !== 1;
	const values = [changes && needsProjection(cell) ? project(builder, name, input, channels, stride) : input];
	cell.operations.forEach(({ type, kernel }, i) => {
		const parents = parentsOf(cell, i + 1);
		// A node fed by the input alone does the change of channels and stride itself, on the raw input.
		const raw = isInputOnly(parents);
		const path = `${name}.node${i + 1}`;
		const sum = raw
			? input
			: builder.add(
					`${path}.sum`,
					parents.map((node) => values[node]!),
				);
		const site = { name: path, input: sum, kernel, channels, stride: raw ? stride : 1 };
		values.push(OPERATION_TABLE[type].lower(builder, site));
	});
	const ends = parentsOf(cell, cell.operations.length + 1);
	return builder.add(
		`${name}.sum`,
		ends.map((node) => values[node]!),
	);
}

function isInputOnly(parents: readonly number[]): boolean {
	return parents.length === 1 && parents[0] === 0;
}

/**
 * Whether anything reads the projection: a node that adds the input to something else, or the output. A projection that
 * nothing reads would cost parameters and change no result, so it is left out; every published cell reads its own.
 */
function needsProjection(cell: Cell): boolean {
	const output = cell.operations.length + 1;
	return cell.edges.some(([from, to]) => from === 0 && (to === output || !isInputOnly(parentsOf(cell, to))));
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
