import { common } from "@archgen/rpc";
import { type Cell, cellFromJson, type OperationType } from "@archgen/search-space";
import { inMessageTerms } from "./fields.js";

const { OperationType: Wire } = common;

/** The one table of operation types: adding one to the domain makes the compiler ask for its enum value. */
const TO_WIRE: Readonly<Record<OperationType, common.OperationType>> = {
	avg_pool: Wire.OPERATION_TYPE_AVG_POOL,
	conv: Wire.OPERATION_TYPE_CONV,
	sep_conv: Wire.OPERATION_TYPE_SEP_CONV,
	dil_conv: Wire.OPERATION_TYPE_DIL_CONV,
	mbconv_2: Wire.OPERATION_TYPE_MBCONV_2,
	mbconv_3: Wire.OPERATION_TYPE_MBCONV_3,
	mbconv_6: Wire.OPERATION_TYPE_MBCONV_6,
	bconv_2: Wire.OPERATION_TYPE_BCONV_2,
	bconv_4: Wire.OPERATION_TYPE_BCONV_4,
};

const FROM_WIRE: ReadonlyMap<common.OperationType, string> = new Map(
	Object.entries(TO_WIRE).map(([type, wire]) => [wire, type]),
);

/** The message of a cell, in canonical order and with its hash. */
export function cellToMessage({ operations, edges, hash }: Cell): common.Cell {
	return {
		operations: operations.map(({ type, kernel }) => ({ type: TO_WIRE[type], kernel })),
		edges: edges.map(([from, to]) => ({ from, to })),
		hash,
	};
}

/** The JSON form that a message of a cell stands for; nothing is checked yet. */
export function cellMessageToJson({ operations, edges }: common.Cell): unknown {
	return {
		operations: operations.map(({ type, kernel }) => ({
			type: FROM_WIRE.get(type) ?? common.operationTypeToJSON(type),
			kernel,
		})),
		edges: edges.map(({ from, to }) => [from, to]),
	};
}

/**
 * The cell of a message; a hash in the message is ignored.
 *
 * @param field where the cell stands in the request, for error messages
 * @throws INVALID_ARGUMENT as `cellFromJson`, with the fields of the message
 */
export function cellFromMessage(message: common.Cell, field: string): Cell {
	return inMessageTerms(field, () => cellFromJson(cellMessageToJson(message)));
}
