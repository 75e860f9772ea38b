import { ArchgenError } from "@archgen/errors";
import { KERNELS, type Network, OPERATION_TYPES } from "@archgen/search-space";
import { mean } from "@archgen/statistics";
import type { LatencyEntry, LatencyTable } from "./latency-table.js";
import {
	type LatencySite,
	latencySites,
	type PlacedSite,
	placedSites,
	siteWidths,
	siteWork,
} from "./sites.js";

/** A predicted time with its band. */
export interface LatencyEstimate {
	/** Sum over the network's operations, in milliseconds for one image. */
	readonly ms: number;
	/** Half the width of a band of one standard deviation. */
	readonly errorMs: number;
}

/** Neighbours that an operation between entries is interpolated from. */
const NEIGHBOURS = 4;
/** Channels that runtimes compute at a time, at most: 24 channels cost about as much as 32. */
const BLOCK = 16;
/** Distance between channels that fill their blocks and such that do not, which are computed in another way. */
const UNEVEN = 2;
/** Weight of a pooling's output channels beside those that are pooled. */
const OUTPUT_OF_POOL = 0.25;
/** Relative error of an entry itself. */
const ENTRY_ERROR = 0.03;
/** Relative error that all operations of a network have in common: of caches, and of what runs between them. */
const COMMON_ERROR = 0.1;
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
	/** Largest work that was measured, as a logarithm. */
	readonly mostLogWork: number;
	/** Relative error of interpolation, by leaving one entry out at a time. */
	readonly error: number;
}

interface Measured {
	readonly entry: LatencyEntry;
	readonly place: readonly number[];
	/** Which of its widths fill their blocks. */
	readonly form: string;
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
		return { ms, errorMs: Math.hypot(COMMON_ERROR * ms, ...errors.values()) };
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
	const logWork = logWorkOf(site);
	// A small operation is partly overhead; one beyond all that were measured is not, and caches do not get larger.
	const exponent = logWork > group.mostLogWork ? Math.max(1, group.exponent) : group.exponent;
	const { ms, distance } = weigh(group.entries, place, logWork, exponent);
	// Beyond two doublings of everything from the nearest entry the group's own error says little.
	return { ms, error: group.error * Math.max(1, distance / (2 * Math.LN2 * Math.sqrt(place.length))) };
}

function weigh(entries: readonly Measured[], place: readonly number[], logWork: number, exponent: number) {
	const near = nearest(entries, place);
	let weights = 0;
	let sum = 0;
	for (const { measured, distance } of near) {
		const weight = 1 / (distance ** 2 + 1e-6);
		weights += weight;
		sum += weight * (measured.logMs + exponent * (logWork - measured.logWork));
	}
	return { ms: Math.exp(sum / weights), distance: near[0]!.distance };
}

/** The {@link NEIGHBOURS} nearest entries, nearest first. */
function nearest(entries: readonly Measured[], place: readonly number[]) {
	const near: { measured: Measured; distance: number }[] = [];
	for (const measured of entries) {
		const distance = distanceOf(measured.place, place);
		if (near.length === NEIGHBOURS && distance >= near.at(-1)!.distance) continue;
		near.push({ measured, distance });
		near.sort((a, b) => a.distance - b.distance);
		near.length = Math.min(near.length, NEIGHBOURS);
	}
	return near;
}

function groupFrom(own: readonly LatencyEntry[]): Group {
	const entries = own.map((entry) => ({
		entry,
		place: placeOf(entry),
		form: formOf(entry),
		logWork: logWorkOf(entry),
		logMs: Math.log(entry.ms),
	}));
	const exponent = slope(entries);
	const mostLogWork = Math.max(...entries.map(({ logWork }) => logWork));
	if (entries.length < 3) return { entries, exponent, mostLogWork, error: UNKNOWN_ERROR };
	const squares = entries.map(({ place, logWork, logMs }, i) => {
		const others = entries.filter((_, j) => j !== i);
		return (Math.log(weigh(others, place, logWork, exponent).ms) - logMs) ** 2;
	});
	const error = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
	return { entries, exponent, mostLogWork, error: Math.max(ENTRY_ERROR, error) };
}

/** Least squares of ln ms over ln work among entries of one form, within {@link EXPONENTS}; 1 where all work is the same. */
function slope(entries: readonly Measured[]): number {
	const forms = new Map<string, Measured[]>();
	for (const entry of entries) forms.set(entry.form, [...(forms.get(entry.form) ?? []), entry]);
	let [variance, covariance] = [0, 0];
	for (const own of forms.values()) {
		const [x, y] = [mean(own.map(({ logWork }) => logWork)), mean(own.map(({ logMs }) => logMs))];
		for (const { logWork, logMs } of own) {
			variance += (logWork - x) ** 2;
			covariance += (logWork - x) * (logMs - y);
		}
	}
	if (variance < 1e-9) return 1;
	const fitted = covariance / variance;
	return Math.min(EXPONENTS[1], Math.max(EXPONENTS[0], fitted));
}

function placeOf(site: LatencySite): number[] {
	const blocks = (channels: number) => Math.log(Math.ceil(channels / BLOCK) * BLOCK);
	const uneven = (channels: number) => (channels % BLOCK === 0 ? 0 : UNEVEN);
	const resolution = 2 * Math.log(site.resolution);
	// Pooling is most of a pooling's time, whatever a 1×1 convolution makes of it.
	if (site.operation === "avg_pool")
		return [
			blocks(site.inChannels),
			OUTPUT_OF_POOL * blocks(site.outChannels),
			resolution,
			uneven(site.inChannels),
		];
	return [blocks(site.inChannels), blocks(site.outChannels), resolution, ...siteWidths(site).map(uneven)];
}

function formOf(site: LatencySite): string {
	return placeOf(site).slice(3).join();
}

function logWorkOf(site: LatencySite): number {
	const { operation, inChannels, resolution } = site;
	return Math.log(operation === "avg_pool" ? inChannels * resolution ** 2 : siteWork(site));
}

function distanceOf(a: readonly number[], b: readonly number[]): number {
	const square = a.reduce((sum, x, i) => sum + (x - (b[i] ?? 0)) ** 2, 0);
	// A site has a layer more where channels change.
	return Math.sqrt(b.slice(a.length).reduce((sum, x) => sum + x ** 2, square));
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
