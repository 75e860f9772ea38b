import { invalidArgument } from "@archgen/errors";
import { choleskyFactor } from "./covariance.js";
import type { Mixture } from "./mixture.js";
import type { Standardizer } from "./standardizer.js";

/** JSON form of a mixture, e.g. `mixture.json` of a model bundle. Numbers are written in full, so reading restores them exactly. */
export interface MixtureJson extends Mixture {
	readonly format: "archgen.mixture";
	readonly version: 1;
}

/** JSON form of a standardizer. */
export interface StandardizerJson extends Standardizer {
	readonly format: "archgen.standardizer";
	readonly version: 1;
}

/** The JSON form of a mixture. */
export function mixtureToJson({ dimension, weights, means, covariances }: Mixture): MixtureJson {
	return { format: "archgen.mixture", version: 1, dimension, weights, means, covariances };
}

/**
 * Reads what `mixtureToJson` wrote.
 *
 * @throws ArchgenError INVALID_MIXTURE naming the offending field: another format or version, shapes that do not fit, weights
 *   that are negative or do not sum to 1, covariances that are not symmetric positive definite
 */
export function mixtureFromJson(json: unknown): Mixture {
	const read = new Reader("INVALID_MIXTURE");
	const object = read.object(json, "archgen.mixture");
	const dimension = read.count(object.dimension, "dimension");
	const components = Array.isArray(object.weights) ? object.weights.length : 0;
	const weights = read.numbers(object.weights, components, "weights");
	const sum = weights.reduce((total, weight) => total + weight, 0);
	read.require(
		weights.every((weight) => weight >= 0),
		"weights",
		"must not be negative",
	);
	read.require(Math.abs(sum - 1) < 1e-6, "weights", `must sum to 1, not ${sum}`);
	const means = read
		.list(object.means, components, "means")
		.map((mean, k) => read.numbers(mean, dimension, `means[${k}]`));
	const covariances = read
		.list(object.covariances, components, "covariances")
		.map((covariance, k) => readCovariance(read, covariance, dimension, k));
	return { dimension, weights, means, covariances };
}

function readCovariance(read: Reader, json: unknown, dimension: number, k: number): number[][] {
	const field = `covariances[${k}]`;
	const rows = read
		.list(json, dimension, field)
		.map((row, i) => read.numbers(row, dimension, `${field}[${i}]`));
	const isSymmetric = rows.every((row, i) => row.every((value, j) => value === rows[j]![i]));
	read.require(isSymmetric, field, "must be symmetric");
	try {
		choleskyFactor(rows, k);
	} catch {
		read.require(false, field, "must be positive definite");
	}
	return rows;
}

/** The JSON form of a standardizer. */
export function standardizerToJson({ log, mean, std }: Standardizer): StandardizerJson {
	return { format: "archgen.standardizer", version: 1, log, mean, std };
}

/**
 * Reads what `standardizerToJson` wrote.
 *
 * @throws ArchgenError INVALID_STANDARDIZER naming the offending field
 */
export function standardizerFromJson(json: unknown): Standardizer {
	const read = new Reader("INVALID_STANDARDIZER");
	const object = read.object(json, "archgen.standardizer");
	const dimension = Array.isArray(object.log) ? object.log.length : 0;
	const log = read.list(object.log, dimension, "log").map((flag, j) => {
		read.require(typeof flag === "boolean", `log[${j}]`, "must be true or false");
		return flag as boolean;
	});
	const mean = read.numbers(object.mean, dimension, "mean");
	const std = read.numbers(object.std, dimension, "std");
	read.require(
		std.every((value) => value > 0),
		"std",
		"must be greater than 0",
	);
	return { log, mean, std };
}

/** Checks pieces of foreign JSON and names what does not fit. */
class Reader {
	constructor(readonly reason: string) {}

	require(condition: boolean, field: string, description: string): void {
		if (!condition) throw invalidArgument(field, description, this.reason);
	}

	object(json: unknown, format: string): Record<string, unknown> {
		this.require(typeof json === "object" && json !== null && !Array.isArray(json), "$", "must be an object");
		const object = json as Record<string, unknown>;
		this.require(object.format === format, "format", `must be "${format}"`);
		this.require(object.version === 1, "version", "must be 1, the only version this program reads");
		return object;
	}

	count(json: unknown, field: string): number {
		const isCount = Number.isSafeInteger(json) && (json as number) >= 1;
		this.require(isCount, field, "must be a whole number of at least 1");
		return json as number;
	}

	list(json: unknown, length: number, field: string): unknown[] {
		const isList = Array.isArray(json) && json.length === length && length > 0;
		this.require(isList, field, `must be a list of ${Math.max(1, length)} entries`);
		return json as unknown[];
	}

	numbers(json: unknown, length: number, field: string): number[] {
		const values = this.list(json, length, field);
		values.forEach((value, i) => {
			this.require(Number.isFinite(value), `${field}[${i}]`, "must be a finite number");
		});
		return values as number[];
	}
}
