import { ArchgenError } from "@archgen/errors";
import { KERNELS, type Network, OPERATION_TYPES } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import type { LatencyEntry, LatencyTable } from "./latency-table.js";
import { type LatencySite, latencySites, type PlacedSite, placedSites, siteWork } from "./sites.js";

/** A predicted time with its band. */
export interface LatencyEstimate {
	/** Sum over the network's operations, in milliseconds for one image. */
	readonly ms: number;
	/** Half the width of a band of one standard deviation. */
	readonly errorMs: number;
}

/** Neighbours that an operation between entries is interpolated from. */
const NEIGHBOURS = 4;
/** Relative error of an entry itself. */
const ENTRY_ERROR = 0.03;
/** Relative error where a group is too small to tell. */
const UNKNOWN_ERROR = 0.5;
/** Exponents of time over work that make sense: from all overhead to all work. */
const EXPONENTS = [0, 1.2] as const;

/** An operation, kernel and stride: what is never interpolated across. */
type GroupKey = string;

interface Group {
	readonly entries: readonly Measured[];
	/** β of ms ∝ work^β. */
	readonly exponent: number;
	/** Relative error of interpolation, by leaving one entry out at a time. */
	readonly error: number;
}

interface Measured {
	readonly entry: LatencyEntry;
	readonly place: readonly number[];
	readonly logWork: number;
	readonly logMs: number;
}

/**
 * Predicts the latency of a network as the sum of its operations.
 *
 * An operation that stands in the table costs what stands there. Another one is interpolated from the four nearest entries of
 * the same operation, kernel and stride, near in the logarithms of channels and resolution: each entry's time is scaled by
 * (work / its work)^β, with β fitted to the group, and their geometric mean is weighted by 1 / distance². Outside the
 * measured range the same holds, with an error that grows with the distance.
 *
 * The band: the error of a group is that of predicting each of its entries from the others. Errors within a group are taken
 * as fully correlated, those of different groups as independent.
 */
export class LatencyModel {
	readonly device: string;
	readonly #groups: ReadonlyMap<GroupKey, Group>;
	readonly #known = new Map<string, { ms: number; error: number }>();

	constructor({ device, entries }: LatencyTable) {
		this.device = device;
		const groups = new Map<GroupKey, LatencyEntry[]>();
		for (const entry of entries) groups.set(groupOf(entry), [...(groups.get(groupOf(entry)) ?? []), entry]);
		this.#groups = new Map([...groups].map(([key, own]) => [key, groupFrom(own)]));
	}

	/** Operations that networks of the search space may have and the table lacks, e.g. `conv 5×5 stride 2`. */
	get gaps(): string[] {
		return neededGroups().filter((key) => !this.#groups.has(key));
	}

	/** @throws ArchgenError INVALID_ARGUMENT, reason LATENCY_TABLE_GAP, naming what the table lacks for this network */
	predict(network: Network): LatencyEstimate {
		const sites = latencySites(network);
		const missing = [...new Set(sites.map(groupOf))].filter((key) => !this.#groups.has(key));
		if (missing.length > 0) throw gapError(missing);
		let ms = 0;
		const errors = new Map<GroupKey, number>();
		for (const site of sites) {
			const own = this.#site(site);
			ms += own.ms;
			errors.set(groupOf(site), (errors.get(groupOf(site)) ?? 0) + own.ms * own.error);
		}
		return { ms, errorMs: Math.hypot(...errors.values()) };
	}

	/** Predicted milliseconds of every site of a network, in order of execution; together the prediction. @throws as {@link predict} */
	predictSites(network: Network): (PlacedSite & { readonly ms: number })[] {
		this.predict(network);
		return placedSites(network).map((placed) => ({ ...placed, ms: this.#site(placed.site).ms }));
	}

	/** @throws as {@link predict}, when any network of the space could meet a gap */
	requireNoGaps(): void {
		if (this.gaps.length > 0) throw gapError(this.gaps);
	}

	#site(site: LatencySite): { ms: number; error: number } {
		const key = `${groupOf(site)} ${placeKey(site)}`;
		const known = this.#known.get(key) ?? interpolate(this.#groups.get(groupOf(site))!, site);
		this.#known.set(key, known);
		return known;
	}
}

function interpolate(group: Group, site: LatencySite): { ms: number; error: number } {
	const exact = group.entries.find(({ entry }) => placeKey(entry) === placeKey(site));
	if (exact !== undefined) return { ms: exact.entry.ms, error: ENTRY_ERROR };
	const place = placeOf(site);
	const { ms, distance } = weigh(group.entries, place, Math.log(siteWork(site)), group.exponent);
	// Beyond two doublings of everything from the nearest entry the group's own error says little.
	return { ms, error: group.error * Math.max(1, distance / (2 * Math.LN2 * Math.sqrt(place.length))) };
}

function weigh(entries: readonly Measured[], place: readonly number[], logWork: number, exponent: number) {
	const near = entries
		.map((measured) => ({ measured, distance: distanceOf(measured.place, place) }))
		.sort((a, b) => a.distance - b.distance)
		.slice(0, NEIGHBOURS);
	let weights = 0;
	let sum = 0;
	for (const { measured, distance } of near) {
		const weight = 1 / (distance ** 2 + 1e-6);
		weights += weight;
		sum += weight * (measured.logMs + exponent * (logWork - measured.logWork));
	}
	return { ms: Math.exp(sum / weights), distance: near[0]!.distance };
}

function groupFrom(own: readonly LatencyEntry[]): Group {
	const entries = own.map((entry) => ({
		entry,
		place: placeOf(entry),
		logWork: Math.log(siteWork(entry)),
		logMs: Math.log(entry.ms),
	}));
	const exponent = slope(entries);
	if (entries.length < 3) return { entries, exponent, error: UNKNOWN_ERROR };
	const squares = entries.map(({ place, logWork, logMs }, i) => {
		const others = entries.filter((_, j) => j !== i);
		return (Math.log(weigh(others, place, logWork, exponent).ms) - logMs) ** 2;
	});
	const error = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
	return { entries, exponent, error: Math.max(ENTRY_ERROR, error) };
}

/** Least squares of ln ms over ln work, within {@link EXPONENTS}; 1 where all work is the same. */
function slope(entries: readonly Measured[]): number {
	const over = (of: (entry: Measured) => number) => mean(entries.map(of));
	const [x, y] = [over(({ logWork }) => logWork), over(({ logMs }) => logMs)];
	const variance = over(({ logWork }) => (logWork - x) ** 2);
	if (variance < 1e-9) return 1;
	const fitted = over(({ logWork, logMs }) => (logWork - x) * (logMs - y)) / variance;
	return Math.min(EXPONENTS[1], Math.max(EXPONENTS[0], fitted));
}

function placeOf({ inChannels, outChannels, resolution }: LatencySite): number[] {
	return [Math.log(inChannels), Math.log(outChannels), 2 * Math.log(resolution)];
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
	return Math.hypot(...a.map((x, i) => x - b[i]!));
}

function placeKey({ inChannels, outChannels, resolution }: LatencySite): string {
	return `${inChannels}/${outChannels}/${resolution}`;
}

function groupOf({
	operation,
	kernel,
	stride,
}: Pick<LatencySite, "operation" | "kernel" | "stride">): GroupKey {
	return `${operation} ${kernel}×${kernel} stride ${stride}`;
}

function neededGroups(): GroupKey[] {
	const strides = [1, 2];
	const cells = OPERATION_TYPES.flatMap((operation) => KERNELS.map((kernel) => ({ operation, kernel })));
	const strided = [
		...cells,
		{ operation: "projection", kernel: 1 },
		{ operation: "stem", kernel: 3 },
	] as const;
	const others = (["add", "head", "classifier"] as const).map((operation) => ({
		operation,
		kernel: 1,
		stride: 1,
	}));
	return [...strided.flatMap((group) => strides.map((stride) => ({ ...group, stride }))), ...others].map(
		groupOf,
	);
}

function gapError(gaps: readonly string[]): ArchgenError {
	return new ArchgenError({
		category: "INVALID_ARGUMENT",
		reason: "LATENCY_TABLE_GAP",
		message: `The latency table has no entry for ${gaps.join(", ")}; measure at least one of each.`,
		violations: gaps.map((gap) => ({ field: "latencyTable", description: `has no entry for ${gap}` })),
	});
}
