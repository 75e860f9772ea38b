import type { Condition, MacroSequence } from "@archgen/design";
import type { common } from "@archgen/rpc";
import { cellFromMessage, cellToMessage } from "./cell.js";

/** The message of a macro sequence. */
export function sequenceToMessage({ stages, finalChannels }: MacroSequence): common.MacroSequence {
	return {
		stages: stages.map(({ cluster, exemplar, channels, stride, repeats }) => ({
			...{ cluster, channels, stride, repeats },
			exemplar: exemplar && cellToMessage(exemplar),
		})),
		finalChannels,
	};
}

/** The macro sequence of a message that a service of ours sent. */
export function sequenceFromMessage({ stages, finalChannels }: common.MacroSequence): MacroSequence {
	return {
		stages: stages.map(({ cluster, exemplar, channels, stride, repeats }, i) => ({
			cluster,
			...(exemplar && { exemplar: cellFromMessage(exemplar, `stages[${i}].exemplar`) }),
			channels,
			stride: stride === 2 ? 2 : 1,
			repeats,
		})),
		finalChannels,
	};
}

/** The message of a condition. */
export function conditionToMessage(condition: Condition): common.Condition {
	const { classes, inputSize, parameterCount, flopCount, peakActivationBytesInt8, ...rest } = condition;
	return {
		classCount: classes,
		inputSize,
		parameterCount: whole(parameterCount),
		flopCount: whole(flopCount),
		peakActivationBytesInt8: whole(peakActivationBytesInt8),
		...rest,
	};
}

function whole(count: number | undefined): bigint | undefined {
	return count === undefined ? undefined : BigInt(Math.round(count));
}

/** The condition of a message, unchecked; absent fields mean "any". */
export function conditionFromMessage(message: common.Condition | undefined): Condition {
	const { classCount, inputSize, parameterCount, flopCount, naswot, snipSsnr } = message ?? {};
	const { depth, peakActivationBytesInt8: peak } = message ?? {};
	return {
		...(classCount !== undefined && { classes: classCount }),
		...(inputSize !== undefined && { inputSize }),
		...(parameterCount !== undefined && { parameterCount: Number(parameterCount) }),
		...(flopCount !== undefined && { flopCount: Number(flopCount) }),
		...(naswot !== undefined && { naswot }),
		...(snipSsnr !== undefined && { snipSsnr }),
		...(depth !== undefined && { depth }),
		...(peak !== undefined && { peakActivationBytesInt8: Number(peak) }),
	};
}
