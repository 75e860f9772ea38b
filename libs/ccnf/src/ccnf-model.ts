import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { ArchgenError, invalidArgument } from "@archgen/errors";
import { parseJsonFile } from "@archgen/files";
import { fillNormal, type Random } from "@archgen/random";
import {
	f32,
	i64,
	type LoadedModel,
	type PooledModel,
	type SessionPool,
	WaitingLine,
} from "@archgen/tensor-graph";
import {
	CCNF_FILES,
	type CcnfDescription,
	divergenceModel,
	importFlow,
	sharedFieldModel,
	type TrainedFlow,
} from "./export-ccnf.js";
import { checkFlowData, type FlowData } from "./flow-data.js";
import type { IntegratedRows, RowsToIntegrate } from "./integrate-rows.js";
import { type LogDensityOptions, normalizedLogDensity } from "./log-density.js";
import { denormalize, logDeterminant, normalize } from "./moving-batch-norm.js";

// Resolved through the package's exports, so that the compiled procedure is found from sources and tests as well.
const INTEGRATE_ROWS = pathToFileURL(createRequire(import.meta.url).resolve("@archgen/ccnf/integrate-rows"));

/** Most rows integrated as one state: beyond, the work for a row hardly falls. */
const LARGEST_BLOCK = 128;

/** Up to here two states would cost more than one: a pass over the weights takes as long as the rows do. */
const SMALLEST_SPLIT = 32;

/** The paper's absolute and relative tolerance of Dormand–Prince 5(4). */
export const PUBLISHED_TOLERANCE = 1e-5;

export interface SampleRequest {
	/** Standardised zero-cost vectors, one for each latent wanted. */
	readonly conditions: readonly (readonly number[])[];
	/** Factor of the noise: 1 for the whole distribution, less for fewer and more alike cells; see docs/table1.md. */
	readonly temperature: number;
	readonly random: Random;
	readonly signal?: AbortSignal;
	/**
	 * Integrate by Dormand–Prince 5(4) with this absolute and relative tolerance, as the paper does with 1e-5, instead of a few equal steps
	 * (`RowsToIntegrate`).
	 */
	readonly tolerance?: number;
}

export interface Samples {
	/** Flat [conditions, D]. */
	readonly latents: Float32Array;
	/** Evaluations of the field, the most of all states. */
	readonly evaluations: number;
}

/** Rows that are integrated as one state. */
interface Share {
	/** [rows, D], normalised. */
	readonly u: Float32Array;
	/** One for each row. */
	readonly conditions: readonly (readonly number[])[];
}

/**
 * Runs a trained flow. Draws that are asked for while others are integrated are integrated together: a pass over the field's weights costs
 * four rows hardly more than one, and a row's numbers do not depend on its company.
 */
export class CcnfModel {
	readonly #line: WaitingLine<Share, IntegratedRows>;
	readonly #pool: SessionPool;
	readonly #flow: TrainedFlow;
	readonly #field: PooledModel;
	#divergence: Promise<LoadedModel> | undefined;

	private constructor(pool: SessionPool, flow: TrainedFlow, field: PooledModel) {
		this.#pool = pool;
		this.#flow = flow;
		this.#field = field;
		this.#line = new WaitingLine({
			work: (shares, signal) => this.#integrate(shares, signal),
			weight: ({ conditions }) => conditions.length,
			capacity: LARGEST_BLOCK,
			lanes: pool.size,
			// the halves of what is just large enough to be split
			worthALane: SMALLEST_SPLIT / 2,
		});
	}

	get description(): CcnfDescription {
		return this.#flow.description;
	}

	/**
	 * Loads `field.onnx` and `ccnf.json` of a bundle folder.
	 *
	 * @throws ArchgenError FAILED_PRECONDITION `CCNF_FILES_MISSING` if one of them cannot be read, `OTHER_FIELD` for a flow of another
	 *   vector field
	 */
	static async load(pool: SessionPool, folder: string): Promise<CcnfModel> {
		const files = new Map<string, Uint8Array>();
		for (const name of Object.values(CCNF_FILES)) {
			const bytes = await readFile(join(folder, name)).catch(() => undefined);
			if (bytes) files.set(name, bytes);
		}
		return CcnfModel.fromFiles(pool, files);
	}

	/** The same from the files in memory, as `exportCcnf` returns them. */
	static async fromFiles(pool: SessionPool, files: ReadonlyMap<string, Uint8Array>): Promise<CcnfModel> {
		const { description: name } = CCNF_FILES;
		const description = parseJsonFile(required(files, name), name) as CcnfDescription;
		return CcnfModel.fromFlow(pool, importFlow(required(files, CCNF_FILES.field), description));
	}

	/** A flow that has just been trained. */
	static async fromFlow(pool: SessionPool, flow: TrainedFlow): Promise<CcnfModel> {
		return new CcnfModel(pool, flow, await pool.load(sharedFieldModel(flow)));
	}

	/**
	 * Draws one latent for each condition: noise × temperature at t = 0, carried to t = T. With a tolerance, what is integrated as one state
	 * depends on the number of conditions alone, not on that of workers.
	 */
	async sample({ conditions, temperature, random, signal, tolerance }: SampleRequest): Promise<Samples> {
		const { size, latentNorm, noiseNorm } = this.description;
		checkConditions(conditions, size.condition);
		if (!(temperature >= 0 && Number.isFinite(temperature))) {
			throw invalidArgument("temperature", "must be a finite number of at least 0");
		}
		if (conditions.length === 0) return { latents: new Float32Array(0), evaluations: 0 };
		const noise = fillNormal(random, new Float32Array(conditions.length * size.dimension));
		const u = denormalize(
			noiseNorm,
			noise.map((value) => value * temperature),
		);
		const block = blockSize(conditions.length);
		const starts = Array.from({ length: Math.ceil(conditions.length / block) }, (_, i) => i * block);
		const ends = await Promise.all(
			starts.map(async (from) => {
				const share = {
					u: u.slice(from * size.dimension, (from + block) * size.dimension),
					conditions: conditions.slice(from, from + block),
				};
				if (tolerance === undefined) return this.#line.add(share, signal);
				const [end] = await this.#integrate([share], signal, tolerance);
				return end!;
			}),
		);
		starts.forEach((from, i) => void u.set(ends[i]!.u, from * size.dimension));
		const evaluations = Math.max(...ends.map((end) => end.evaluations));
		return { latents: denormalize(latentNorm, u), evaluations };
	}

	/** All rows of the shares as one state. */
	async #integrate(
		shares: readonly Share[],
		signal?: AbortSignal,
		tolerance?: number,
	): Promise<IntegratedRows[]> {
		const { size, endTime } = this.description;
		const conditions = shares.flatMap((share) => share.conditions);
		const u = new Float32Array(conditions.length * size.dimension);
		const places = placesOf(shares);
		shares.forEach((share, i) => void u.set(share.u, places[i]));
		const request = {
			u: f32(u, [conditions.length, size.dimension]),
			...sharedConditions(conditions),
			endTime,
			tolerance,
		};
		const { u: end, evaluations } = await this.#field.perform<RowsToIntegrate, IntegratedRows>(
			INTEGRATE_ROWS,
			request,
			signal,
		);
		return shares.map((share, i) => ({
			u: end.subarray(places[i], places[i]! + share.u.length),
			evaluations,
		}));
	}

	/**
	 * ln p(latent | condition) in nats, one for each row, by the instantaneous change of variables. The first call builds the
	 * divergence from the field's own weights.
	 */
	async logDensity(data: FlowData, options: LogDensityOptions): Promise<Float64Array> {
		const { size, latentNorm } = this.description;
		checkFlowData(data, size);
		this.#divergence ??= this.#pool.load(divergenceModel(this.#flow));
		const latents = normalize(latentNorm, data.latents);
		const density = await normalizedLogDensity(
			await this.#divergence,
			this.description,
			{ ...data, latents },
			options,
		);
		return density.map((value) => value + logDeterminant(latentNorm));
	}

	/** g(u, t, z) in normalised coordinates; u flat [rows, D], z flat [rows, 4], one t or one for each row. */
	async velocity(
		u: Float32Array,
		t: number | Float32Array,
		z: Float32Array,
		signal?: AbortSignal,
	): Promise<Float32Array> {
		const { size } = this.description;
		const rows = u.length / size.dimension;
		const times = typeof t === "number" ? new Float32Array(rows).fill(t) : t;
		const feeds = {
			u: f32(u, [rows, size.dimension]),
			t: f32(times, [rows, 1]),
			z: f32(z, [rows, size.condition]),
			contextOf: i64(
				BigInt64Array.from({ length: rows }, (_, row) => BigInt(row)),
				[rows],
			),
		};
		const { velocity } = await this.#field.run(feeds, { signal });
		return velocity!.data as Float32Array;
	}

	async release(): Promise<void> {
		await this.#field.release();
		await (await this.#divergence)?.release();
	}
}

/** Rows of each state: equal shares, at least two of them where that pays, so that two workers have something to do. */
function blockSize(rows: number): number {
	const shares = Math.max(Math.ceil(rows / LARGEST_BLOCK), rows > SMALLEST_SPLIT ? 2 : 1);
	return Math.ceil(rows / shares);
}

/** Where the states of each share begin when they stand one behind the other. */
function placesOf(shares: readonly Share[]): number[] {
	let end = 0;
	return shares.map(({ u }) => {
		end += u.length;
		return end - u.length;
	});
}

/** The distinct conditions, and which of them each row has. */
function sharedConditions(
	conditions: readonly (readonly number[])[],
): Pick<RowsToIntegrate, "z" | "contextOf"> {
	const distinct = [...new Map(conditions.map((condition) => [condition.join(), condition])).values()];
	const places = new Map(distinct.map((condition, place) => [condition.join(), place]));
	const contextOf = conditions.map((condition) => places.get(condition.join())!);
	return {
		z: f32(distinct.flat(), [distinct.length, distinct[0]!.length]),
		contextOf: i64(contextOf, [conditions.length]),
	};
}

function checkConditions(conditions: readonly (readonly number[])[], width: number): void {
	conditions.forEach((z, row) => {
		if (z.length !== width || !z.every(Number.isFinite)) {
			throw invalidArgument(`conditions[${row}]`, `needs ${width} finite numbers`);
		}
	});
}

function required(files: ReadonlyMap<string, Uint8Array>, file: string): Uint8Array {
	const bytes = files.get(file);
	if (bytes) return bytes;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "CCNF_FILES_MISSING",
		message: `The model bundle has no readable ${file}; train it with "archgen train ccnf" or restore the bundle.`,
		metadata: { file },
	});
}
