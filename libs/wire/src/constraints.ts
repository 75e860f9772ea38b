import {
	CONSTRAINT_NAMES,
	type ConstraintCheck,
	type ConstraintName,
	type Constraints,
} from "@archgen/design";
import { common } from "@archgen/rpc";

const { ConstraintKind: Wire } = common;

const KIND: Readonly<Record<ConstraintName, common.ConstraintKind>> = {
	minFlopCount: Wire.CONSTRAINT_KIND_MIN_FLOP_COUNT,
	maxFlopCount: Wire.CONSTRAINT_KIND_MAX_FLOP_COUNT,
	minMacCount: Wire.CONSTRAINT_KIND_MIN_MAC_COUNT,
	maxMacCount: Wire.CONSTRAINT_KIND_MAX_MAC_COUNT,
	minParameterCount: Wire.CONSTRAINT_KIND_MIN_PARAMETER_COUNT,
	maxParameterCount: Wire.CONSTRAINT_KIND_MAX_PARAMETER_COUNT,
	maxDepth: Wire.CONSTRAINT_KIND_MAX_DEPTH,
	maxWeightBytesInt8: Wire.CONSTRAINT_KIND_MAX_WEIGHT_BYTES_INT8,
	maxWeightBytesFloat32: Wire.CONSTRAINT_KIND_MAX_WEIGHT_BYTES_FLOAT32,
	maxPeakActivationBytesInt8: Wire.CONSTRAINT_KIND_MAX_PEAK_ACTIVATION_BYTES_INT8,
	maxPeakActivationBytesFloat32: Wire.CONSTRAINT_KIND_MAX_PEAK_ACTIVATION_BYTES_FLOAT32,
};

const NAME: ReadonlyMap<common.ConstraintKind, ConstraintName> = new Map(
	CONSTRAINT_NAMES.map((name) => [KIND[name], name]),
);

/** The message of constraints. */
export function constraintsToMessage(constraints: Constraints): common.Constraints {
	const bounds = present((name) => constraints[name]).map(([name, bound]) => [name, BigInt(bound)] as const);
	return common.Constraints.fromPartial(Object.fromEntries(bounds));
}

/** The constraints of a message, unchecked; an absent message has none. */
export function constraintsFromMessage(message: common.Constraints | undefined): Constraints {
	return Object.fromEntries(present((name) => message?.[name]).map(([name, bound]) => [name, Number(bound)]));
}

/** The messages of margins, one for each bound that was given. */
export function marginsToMessages(margins: ConstraintCheck["margins"]): common.ConstraintMargin[] {
	return present((name) => margins[name]).map(([name, { limit, value, relative }]) => ({
		kind: KIND[name],
		limit: BigInt(limit),
		actual: BigInt(value),
		relativeMargin: relative,
	}));
}

/** The constraint that a margin is about; undefined for kinds of a newer protocol. */
export function constraintOfKind(kind: common.ConstraintKind): ConstraintName | undefined {
	return NAME.get(kind);
}

function present<T>(read: (name: ConstraintName) => T | undefined): [ConstraintName, T][] {
	return CONSTRAINT_NAMES.flatMap((name): [ConstraintName, T][] => {
		const value = read(name);
		return value === undefined ? [] : [[name, value]];
	});
}
