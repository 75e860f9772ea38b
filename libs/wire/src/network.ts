import { invalidArgument } from "@archgen/errors";
import type { common } from "@archgen/rpc";
import { type Counts, type Network, networkFromJson, networkHash } from "@archgen/search-space";
import { cellMessageToJson, cellToMessage } from "./cell.js";
import { inMessageTerms } from "./fields.js";
import { taskFromMessage, taskToMessage } from "./target.js";

/** The message of a network, with its hash. */
export function networkToMessage(network: Network): common.Network {
	const { input, task } = network;
	return {
		inputSize: input.size,
		inputWidth: input.width,
		inputChannels: input.channels === 3 ? undefined : input.channels,
		task: taskToMessage(task),
		classCount: network.classes,
		stem: { channels: network.stem.channels, stride: network.stem.stride },
		stages: network.stages.map(({ cell, channels, stride, repeats }) => ({
			cell: cellToMessage(cell),
			channels,
			stride,
			repeats,
		})),
		finalChannels: network.finalChannels ?? undefined,
		hash: networkHash(network),
	};
}

/**
 * The network of a message; hashes in the message are ignored.
 *
 * @param field where the network stands in the request, for error messages
 * @throws INVALID_ARGUMENT as `networkFromJson`, with the fields of the message
 */
export function networkFromMessage(message: common.Network, field: string): Network {
	const task = taskFromMessage(message.task);
	return inMessageTerms(field, () =>
		networkFromJson({
			input: {
				size: message.inputSize,
				...(message.inputWidth !== undefined && { width: message.inputWidth }),
				channels: message.inputChannels ?? 3,
			},
			classes: message.classCount,
			...(task !== undefined && { task }),
			stem: required("stem", message.stem),
			stages: message.stages.map(({ cell, channels, stride, repeats }, i) => ({
				cell: cellMessageToJson(required(`stages[${i}].cell`, cell)),
				channels,
				stride,
				repeats,
			})),
			finalChannels: message.finalChannels ?? null,
		}),
	);
}

function required<T>(field: string, message: T | undefined): T {
	if (message === undefined) {
		throw invalidArgument(field, "is missing.");
	}
	return message;
}

/** The message of counts. */
export function countsToMessage(counts: Counts): common.Counts {
	return {
		parameterCount: BigInt(counts.parameterCount),
		macCount: BigInt(counts.macCount),
		flopCount: BigInt(counts.flopCount),
		layerCount: BigInt(counts.layerCount),
	};
}

/** The counts of a message; exact up to 2^53. */
export function countsFromMessage(message: common.Counts): Counts {
	return {
		parameterCount: Number(message.parameterCount),
		macCount: Number(message.macCount),
		flopCount: Number(message.flopCount),
		layerCount: Number(message.layerCount),
	};
}
