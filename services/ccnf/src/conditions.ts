import { invalidArgument } from "@archgen/errors";
import { standardize } from "@archgen/mixture";
import type { ccnf } from "@archgen/rpc";
import { messageField, zcVectorFromMessage } from "@archgen/wire";
import type { CcnfModels } from "./models.js";

type Target = NonNullable<ccnf.LatentCondition["target"]>;
type Readers = {
	readonly [C in Target["$case"]]: (
		value: Extract<Target, { $case: C }>["value"],
		field: string,
		models: CcnfModels,
	) => number[];
};

/** Columns of a zero-cost vector in the order that models take. */
const COLUMNS = ["naswot", "snipSsnr", "parameterCount", "flopCount"];

/** How each form of a condition becomes a standardised zero-cost vector. */
const READERS: Readers = {
	standardized: ({ values }, field) => {
		if (values.length !== COLUMNS.length || !values.every(Number.isFinite)) {
			throw invalidArgument(`${field}.standardized.values`, `must hold ${COLUMNS.length} finite numbers.`);
		}
		return values;
	},
	zcVector: (vector, field, { standardizer }) => {
		const row = zcVectorFromMessage(vector);
		row.forEach((value, column) => {
			const onLogScale = standardizer.log[column];
			if (!Number.isFinite(value) || (onLogScale && value <= 0)) {
				const description = `must be a ${onLogScale ? "positive " : ""}finite number, not ${value}.`;
				throw invalidArgument(`${field}.zc_vector.${messageField(COLUMNS[column]!)}`, description);
			}
		});
		return standardize(standardizer, row);
	},
	cluster: (cluster, field, { mixture }) => {
		const mean = mixture.means[cluster];
		if (mean === undefined) {
			throw invalidArgument(`${field}.cluster`, `must be 0 to ${mixture.means.length - 1}, not ${cluster}.`);
		}
		return [...mean];
	},
};

/**
 * The standardised zero-cost vector of a condition.
 *
 * @param field where the condition stands in the request
 * @throws INVALID_ARGUMENT naming the field
 */
export function conditionFromMessage(
	{ target }: ccnf.LatentCondition,
	field: string,
	models: CcnfModels,
): number[] {
	if (target === undefined) {
		throw invalidArgument(field, "must hold a standardised vector, a vector in natural units or a cluster.");
	}
	const read = READERS[target.$case] as (value: unknown, field: string, models: CcnfModels) => number[];
	return read(target.value, field, models);
}
