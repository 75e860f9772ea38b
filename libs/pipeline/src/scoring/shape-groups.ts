import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { designNetwork, type EvolutionRecord } from "@archgen/evolution";
import {
	fitShapeModel,
	type ShapeGroup,
	type ShapeModel,
	type ShapeObjective,
	shapeMeans,
	shapeSums,
} from "@archgen/proxies";
import { lowerNetwork } from "@archgen/search-space";
import { readHistory } from "../search/history-file.js";

/** Kept searches by T-CET without a bound on depth, and by the default objective within the usual depth, whose networks have any number of stages. */
const SEARCHES = /^(?:cells|broad|fit)-.*\.jsonl\.gz$/;
/** Whether the score of a network is T-CET in eval mode. */
export const isByTcet = ({ history }: KeptNetwork) => !history.startsWith("fit-");

/** Networks taken of each search. */
const SHARE = 80;

/** A network of a kept search. */
export interface KeptNetwork {
	/** File name of the history. */
	readonly history: string;
	readonly record: EvolutionRecord;
	/** `shapeSums` at the size that the search scored at. */
	readonly sums: readonly number[];
	/** `shapeMeans` likewise. */
	readonly means: readonly number[];
}

/**
 * Networks of the kept searches, evenly over each of them.
 *
 * @param folder `data/histories`
 * @param wanted further ones
 */
export async function keptNetworks(
	folder: string,
	wanted: (history: string, index: number) => boolean = () => false,
): Promise<KeptNetwork[]> {
	const files = (await readdir(folder)).filter((name) => SEARCHES.test(name)).sort();
	const searches = files.map(async (history) => {
		const records = await readHistory(join(folder, history));
		const evenly = new Set(Array.from({ length: SHARE }, (_, i) => Math.floor((i * records.length) / SHARE)));
		return records
			.filter((_, index) => evenly.has(index) || wanted(history, index))
			.map((record) => {
				const graph = lowerNetwork(atScoringSize(record));
				return { history, record, sums: shapeSums(graph), means: shapeMeans(graph) };
			});
	});
	return (await Promise.all(searches)).flat();
}

/** The network at the size that kept searches score at: half its own, at most 64 pixels. */
export function atScoringSize({ design, target }: EvolutionRecord) {
	const size = Math.min(64, target.size / 2);
	return designNetwork(design, { ...target, size });
}

/** Scores of networks of kept searches that the searches themselves did not take. */
export type FurtherScores = ReadonlyMap<string, number>;

/** Where {@link FurtherScores} have the score of a network. */
export function furtherKey(history: string, index: number): string {
	return `${history}/${index}`;
}

/**
 * Models of the objectives that layer shapes predict, from the kept searches.
 *
 * @param folder `data/histories`
 * @param trainScores T-CET in train mode of some of their networks
 */
export async function fitShapeModels(
	folder: string,
	trainScores: FurtherScores,
): Promise<Record<ShapeObjective, ShapeModel>> {
	const networks = await keptNetworks(folder, (history, index) =>
		trainScores.has(furtherKey(history, index)),
	);
	const groups = (scoreOf: Parameters<typeof shapeGroups>[1]) =>
		fitShapeModel(shapeGroups(networks, scoreOf));
	const trainScore = ({ history, record }: KeptNetwork) => trainScores.get(furtherKey(history, record.index));
	return {
		tcet: groups((network) => (isByTcet(network) ? network.record.score : undefined)),
		"tcet-train": groups((network) => (isByTcet(network) ? trainScore(network) : undefined)),
		"ln-tcet-train-per-layer": fitShapeModel(groupsPerLayer(networks, trainScores)),
	};
}

/** Networks by search, with their mean shapes and ln of T-CET in train mode a layer; those without it are left out. */
export function groupsPerLayer(networks: readonly KeptNetwork[], trainScores: FurtherScores): ShapeGroup[] {
	const byMeans = networks.map((network) => ({ ...network, sums: network.means }));
	return shapeGroups(byMeans, ({ history, record }) => {
		const score = trainScores.get(furtherKey(history, record.index));
		return score && Math.log(score / record.counts.layerCount);
	});
}

/** Networks by search, with the score that `scoreOf` gives; those without one are left out, and searches with fewer than two. */
export function shapeGroups(
	networks: readonly KeptNetwork[],
	scoreOf: (network: KeptNetwork) => number | undefined,
): ShapeGroup[] {
	const groups = new Map<string, { sums: (readonly number[])[]; scores: number[] }>();
	for (const network of networks) {
		const score = scoreOf(network);
		if (score === undefined) continue;
		const group = groups.get(network.history) ?? { sums: [], scores: [] };
		groups.set(network.history, group);
		group.sums.push(network.sums);
		group.scores.push(score);
	}
	return [...groups.values()].filter(({ scores }) => scores.length > 1);
}
