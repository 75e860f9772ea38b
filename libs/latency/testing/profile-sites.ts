import { KERNELS, OPERATION_TYPES } from "@archgen/search-space";
import { type LatencySite, siteWork } from "../src/sites.js";

/** A grid of places. */
export interface ProfileGrid {
	/** Channels, ascending. */
	readonly channels: readonly number[];
	/** Sides of maps in pixels, ascending. */
	readonly resolutions: readonly number[];
	/** Sites with more work (`flopCount` and four for each number moved) are left out, but for the cheapest of each kind. */
	readonly mostWork: number;
	/** Sides of input images. */
	readonly inputs: readonly number[];
	readonly classes: readonly number[];
}

/** Places of a made-up table without gaps: every operation, kernel and stride over a grid. */
export function profileSites({
	channels,
	resolutions,
	mostWork,
	inputs,
	classes,
}: ProfileGrid): LatencySite[] {
	const sites: LatencySite[] = [];
	const within = (all: readonly LatencySite[]) => {
		const sorted = all.map((site) => ({ site, work: siteWork(site) })).sort((a, b) => a.work - b.work);
		sites.push(...sorted.filter(({ work }, i) => i === 0 || work <= mostWork).map(({ site }) => site));
	};
	const operations = OPERATION_TYPES.flatMap((operation) => KERNELS.map((kernel) => ({ operation, kernel })));
	const same = places(
		channels.map((width) => [width, width] as const),
		resolutions,
	);
	const widening = places(
		channels.slice(1).map((width, i) => [channels[i]!, width] as const),
		resolutions,
	);
	for (const operation of [...operations, { operation: "projection", kernel: 1 } as const]) {
		within(
			[...(operation.operation === "projection" ? [] : same), ...widening].map((place) => ({
				...operation,
				...place,
				stride: 1,
			})),
		);
		within(
			widening
				.filter(({ resolution }) => resolution > 1)
				.map((place) => ({ ...operation, ...place, stride: 2 })),
		);
	}
	within(same.map((place) => ({ operation: "add", kernel: 1, ...place, stride: 1 })));
	within([...same, ...widening].map((place) => ({ operation: "head", kernel: 1, ...place, stride: 1 })));
	for (const stride of [1, 2]) {
		const stems = places(
			channels.slice(0, 3).map((width) => [3, width] as const),
			inputs,
		);
		within(stems.map((place) => ({ operation: "stem", kernel: 3, ...place, stride })));
	}
	const classifiers = places(
		channels.flatMap((width) => classes.map((count) => [width, count] as const)),
		[1],
	);
	within(classifiers.map((place) => ({ operation: "classifier", kernel: 1, ...place, stride: 1 })));
	return sites;
}

function places(widths: readonly (readonly [number, number])[], resolutions: readonly number[]) {
	return widths.flatMap(([inChannels, outChannels]) =>
		resolutions.map((resolution) => ({ inChannels, outChannels, resolution })),
	);
}
