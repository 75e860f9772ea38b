import {
	cellWiring,
	countLayers,
	DEFAULT_TASK,
	imageMap,
	type Kernel,
	LayerBuilder,
	type LayerGraph,
	type Network,
	OPERATION_TABLE,
	OPERATION_TYPES,
	type OperationType,
	squareMap,
	stridedMap,
	TASKS,
	type Value,
	valueElements,
} from "@archgen/search-space";

/** What a latency table can be asked for: the operations of cells, and what stands between them. */
export const SITE_OPERATIONS = [
	...OPERATION_TYPES,
	"projection",
	"add",
	"stem",
	"head",
	"classifier",
] as const;

/** Operation of one site; `add` is the sum of two maps, `head` is BN, ReLU, 1×1 convolution, BN and global pooling. */
export type SiteOperation = (typeof SITE_OPERATIONS)[number];

/** One operation at its place in a network. */
export interface LatencySite {
	readonly operation: SiteOperation;
	/** 1, 3 or 5; 1 where there is nothing to choose, 3 for the stem. */
	readonly kernel: number;
	readonly inChannels: number;
	readonly outChannels: number;
	/** Side of the map that is read, in pixels; of one that is not square, that of the square with as many, not always a whole number. */
	readonly resolution: number;
	readonly stride: number;
}

/** A site with the part of the network that it belongs to. */
export interface PlacedSite {
	readonly site: LatencySite;
	/** What the names of its layers in `lowerNetwork` begin with, or are; the sums of one node share theirs. */
	readonly name: string;
	/** Position of its stage, or the part before or behind the stages. */
	readonly part: "stem" | "head" | number;
	/** Node of the cell, from 1; sums count to the node that reads them. Undefined outside cells, for projections and for sums of the output. */
	readonly node?: number;
}

/** All sites of a network in order of execution; their layers together are the network's. */
export function latencySites(network: Network): LatencySite[] {
	return placedSites(network).map(({ site }) => site);
}

/** As `latencySites`, each with its place. */
export function placedSites(network: Network): PlacedSite[] {
	const { stem, stages, input, classes, task } = network;
	const first: LatencySite = {
		operation: "stem",
		kernel: 3,
		inChannels: input.channels,
		outChannels: stem.channels,
		resolution: sideOf(imageMap(input)),
		stride: stem.stride,
	};
	const sites: PlacedSite[] = [{ site: first, name: "stem", part: "stem" }];
	let place = stridedMap(imageMap(input), stem.channels, stem.stride);
	for (const [part, { cell, channels, stride, repeats }] of stages.entries()) {
		for (let repeat = 0; repeat < repeats; repeat++) {
			const own = repeat === 0 ? stride : 1;
			const instance = cellSites(cell, place, channels, own);
			sites.push(
				...instance.map((placed) => ({ ...placed, name: `stages.${part}.${repeat}.${placed.name}`, part })),
			);
			place = stridedMap(place, channels, own);
		}
	}
	const features = network.finalChannels ?? place.channels;
	const rest = { kernel: 1, stride: 1, outChannels: features };
	const resolution = sideOf(place);
	const add = (site: LatencySite, name = "head.classifier") => sites.push({ site, name, part: "head" });
	add({ operation: "head", inChannels: place.channels, resolution, ...rest }, "head");
	const { head } = TASKS[task ?? DEFAULT_TASK];
	if (head === "none") return sites;
	// A classifier of every place is a convolution 1×1 of the whole map.
	const classified = { ...rest, inChannels: features, outChannels: classes };
	if (head === "dense") add({ operation: "projection", ...classified, resolution });
	else add({ operation: "classifier", ...classified, resolution: 1 });
	return sites;
}

/** Side of the square with as many places as a map. */
function sideOf({ height, width }: Value): number {
	return height === width ? height : Math.sqrt(height * width);
}

/** The sites of one instance of a cell, as `appendCell` of search-space lays it out. */
function cellSites(
	cell: Network["stages"][number]["cell"],
	place: Value,
	channels: number,
	stride: number,
): Omit<PlacedSite, "part">[] {
	const inChannels = place.channels;
	const size = sideOf(place);
	const inner = sideOf(stridedMap(place, channels, stride));
	const changes = inChannels !== channels || stride !== 1;
	const { nodes, usesProjection } = cellWiring(cell);
	const raw = { inChannels, outChannels: channels, resolution: size, stride };
	const inside = { inChannels: channels, outChannels: channels, resolution: inner, stride: 1 };
	const sites: Omit<PlacedSite, "part">[] =
		changes && usesProjection
			? [{ name: "projection", site: { operation: "projection", kernel: 1, ...raw } }]
			: [];
	const sums = (parents: readonly number[], name: string) =>
		parents.slice(1).map(() => ({ name, site: { operation: "add", kernel: 1, ...inside } as const }));
	cell.operations.forEach(({ type, kernel }, i) => {
		const { parents, readsRaw } = nodes[i]!;
		const name = `node${i + 1}`;
		const site = { operation: type, kernel, ...(readsRaw ? raw : inside) };
		sites.push(...[...sums(parents, `${name}.sum`), { name, site }].map((own) => ({ ...own, node: i + 1 })));
	});
	return [...sites, ...sums(nodes.at(-1)!.parents, "sum")];
}

/** The layers of a site alone. */
export function siteLayers(site: LatencySite): LayerGraph {
	return chainLayers([site]);
}

/** The layers of sites in a row, each of which fits the one before. */
function chainLayers(sites: readonly LatencySite[]): LayerGraph {
	const builder = new LayerBuilder();
	const input = builder.input(squareMap(sites[0]!.inChannels, sites[0]!.resolution));
	const output = sites.reduce((value, site, i) => append(builder, site, value, `site${i}`), input);
	return builder.build(input, output);
}

function append(builder: LayerBuilder, site: LatencySite, input: number, name: string): number {
	const { operation, outChannels, stride } = site;
	switch (operation) {
		case "add":
			return builder.add(name, [input, input]);
		case "classifier":
			return builder.linear(`${name}.linear`, builder.globalAveragePool(`${name}.pool`, input), outChannels);
		case "projection":
		case "stem": {
			const from = operation === "stem" ? input : builder.relu(`${name}.relu`, input);
			const options = { outChannels, stride, kernel: site.kernel };
			return builder.batchNorm(`${name}.norm`, builder.conv(`${name}.conv`, from, options));
		}
		case "head": {
			const active = builder.relu(`${name}.relu`, builder.batchNorm(`${name}.input_norm`, input));
			const mapped = builder.conv(`${name}.conv`, active, { outChannels });
			return builder.globalAveragePool(`${name}.pool`, builder.batchNorm(`${name}.norm`, mapped));
		}
		default:
			return OPERATION_TABLE[operation as OperationType].lower(builder, {
				name,
				input,
				kernel: site.kernel as Kernel,
				channels: outChannels,
				stride,
			});
	}
}

/** Channels that a site reads and those that its convolutions and poolings write, in order. */
export function siteWidths(site: LatencySite): number[] {
	const { layers, values } = siteLayers(site);
	const own = layers.filter(({ kind }) => kind === "conv" || kind === "average_pool" || kind === "linear");
	return [site.inChannels, ...own.map(({ output }) => values[output]!.channels)];
}

/** Work of a site in arbitrary units that grow with its time: flopCount and four operations for every number moved. */
export function siteWork(site: LatencySite): number {
	const { layers, values } = siteLayers(site);
	const graph = siteLayers(site);
	const moved = layers.reduce((sum, layer) => {
		return (
			sum + [...layer.inputs, layer.output].reduce((part, value) => part + valueElements(values[value]!), 0)
		);
	}, 0);
	return countLayers(graph).flopCount + 4 * moved;
}
