import { invalidArgument } from "@archgen/errors";
import { readArray, withFieldPrefix } from "./fields.js";
import { cellFromGraphNet } from "./graphnet.js";
import type { Network } from "./network.js";
import { validateNetwork } from "./network-validation.js";

/** One published architecture with the counts that were published with it. */
export interface GraphNetArchitecture {
	/** Name of the set it belongs to. */
	readonly set: string;
	/** Its number within the set. */
	readonly index: number;
	readonly network: Network;
	/** `params` of the file, where given. */
	readonly publishedParameterCount?: number;
	/** `flops` of the file, where given: in this project's terms a `flopCount`. */
	readonly publishedFlopCount?: number;
	/** `tcet` of the file, where given: stochastic. */
	readonly publishedTcet?: number;
}

/**
 * Reads a file of published GraphNet architectures, `{ archs: [{ set, index, num_classes, input, stem_stride, channels,
 * strides, repeats, final_concat, adj, ops, … }] }`. The stem has as many channels as the first stage.
 *
 * @throws ArchgenError INVALID_ARGUMENT naming the field, e.g. `archs[3].ops`
 */
export function graphNetFileFromJson(value: unknown): GraphNetArchitecture[] {
	const archs = readArray((value as { archs?: unknown } | null)?.archs, "archs");
	return archs.map((arch, i) => withFieldPrefix(`archs[${i}]`, () => readArchitecture(arch)));
}

function readArchitecture(value: unknown): GraphNetArchitecture {
	if (typeof value !== "object" || value === null) throw invalidArgument("architecture", "must be an object");
	const record = value as Record<string, unknown>;
	const optional = (key: string) => (typeof record[key] === "number" ? record[key] : undefined);
	return {
		set: String(record.set ?? ""),
		index: Number(record.index ?? 0),
		network: readNetwork(record),
		publishedParameterCount: optional("params"),
		publishedFlopCount: optional("flops"),
		publishedTcet: optional("tcet"),
	};
}

function readNetwork(record: Record<string, unknown>): Network {
	const [adjacencies, features, channels, strides, repeats] = (
		["adj", "ops", "channels", "strides", "repeats"] as const
	).map((key) => readArray(record[key], key));
	const stages = features!.map((rows, i) => ({
		cell: withFieldPrefix(`stages[${i}]`, () =>
			cellFromGraphNet(readMatrix(adjacencies![i], "adj"), readMatrix(rows, "ops")),
		),
		channels: channels![i],
		stride: strides![i],
		repeats: repeats![i],
	}));
	// The numbers are checked by `validateNetwork`, in the names of our own form.
	return validateNetwork({
		input: { size: record.input, channels: 3 },
		classes: record.num_classes,
		stem: { channels: channels![0], stride: record.stem_stride },
		stages,
		finalChannels: record.final_concat,
	} as Network);
}

function readMatrix(value: unknown, field: string): number[][] {
	return readArray(value, field).map((row, i) => [...readArray(row, `${field}[${i}]`)] as number[]);
}
