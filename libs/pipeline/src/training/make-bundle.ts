import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { assign, type Mixture, mixtureFromJson } from "@archgen/mixture";
import { BUNDLE_LAYOUT, type BundleContent, type BundleDraft, clusterCellsToJson } from "@archgen/models";
import { alphaNetwork, type Cell, countNetwork } from "@archgen/search-space";
import { type LabelledCells, readLabelledCells } from "./labelled-cells.js";
import { STAGES, type StageReport, type Workspace } from "./workspace.js";

/** Files of a step's folder that belong into a bundle. */
const GVAE = ["encoder.onnx", "decoder.onnx", "gvae.json"];
const CCNF = ["field.onnx", "ccnf.json"];

/** A bundle ready to be written, but for its name. */
export interface BundleParts {
	readonly trainedOn: BundleDraft["trainedOn"];
	readonly metrics: BundleDraft["metrics"];
	readonly contents: readonly BundleContent[];
}

/** Collects a finished training. Throws `STAGE_MISSING` naming the first step that has not been run. */
export async function makeBundle(work: Workspace, profile: string): Promise<BundleParts> {
	const reports: StageReport[] = [];
	for (const stage of STAGES) reports.push(await work.readReport(stage));
	const labels = await readLabelledCells(work.path("mixture", "labels.jsonl"));
	const mixture = mixtureFromJson(await work.readJson("mixture", "mixture", "mixture.json"));
	return {
		trainedOn: trainedOn(profile, labels, reports),
		metrics: metricsOf(reports),
		contents: [
			...filesOf(work.path("gvae"), GVAE, BUNDLE_LAYOUT.gvae),
			...filesOf(work.path("ccnf"), CCNF, BUNDLE_LAYOUT.ccnf),
			...filesOf(
				work.path("seqgen", "model"),
				await listFiles(work.path("seqgen", "model")),
				BUNDLE_LAYOUT.seqgen,
			),
			{ path: BUNDLE_LAYOUT.mixture, from: work.path("mixture", "mixture.json") },
			{ path: BUNDLE_LAYOUT.standardizer, from: work.path("mixture", "standardizer.json") },
			{
				path: BUNDLE_LAYOUT.clusterCells,
				bytes: jsonBytes(clusterCellsToJson(cheapestCells(labels, mixture))),
			},
		],
	};
}

function trainedOn(
	profile: string,
	{ header, cells, digest }: LabelledCells,
	reports: readonly StageReport[],
) {
	const { seed, images, batch } = header;
	const stages = reports.map(
		({ stage, config, inputs, seconds }) => [stage, { config, inputs, seconds }] as const,
	);
	const document = {
		profile,
		labels: { cells: cells.length, seed, images, batch, digest },
		stages: Object.fromEntries(stages),
	};
	// What is optional and absent in a configuration has no place in JSON.
	return JSON.parse(JSON.stringify(document)) as BundleDraft["trainedOn"];
}

function metricsOf(reports: readonly StageReport[]): Record<string, number> {
	const named = reports.flatMap(({ stage, metrics }) =>
		Object.entries(metrics).map(([name, value]) => [`${stage}.${name}`, value] as const),
	);
	return Object.fromEntries(named.filter(([, value]) => Number.isFinite(value)));
}

/** The labelled cell with the smallest flopCount in each cluster; null for a cluster without any. */
function cheapestCells({ cells }: LabelledCells, mixture: Mixture): (Cell | null)[] {
	const best = mixture.weights.map(() => ({ cell: null as Cell | null, flopCount: Infinity }));
	for (const { cell, zc } of cells) {
		const entry = best[assign(mixture, zc)]!;
		const { flopCount } = countNetwork(alphaNetwork(cell));
		if (flopCount < entry.flopCount) Object.assign(entry, { cell, flopCount });
	}
	return best.map(({ cell }) => cell);
}

function filesOf(folder: string, names: readonly string[], target: string): BundleContent[] {
	return names.map((name) => ({ path: `${target}/${name}`, from: join(folder, name) }));
}

async function listFiles(folder: string): Promise<string[]> {
	const entries = await readdir(folder, { recursive: true, withFileTypes: true });
	return entries
		.filter((entry) => entry.isFile())
		.map((entry) =>
			join(entry.parentPath, entry.name)
				.slice(folder.length + 1)
				.replaceAll("\\", "/"),
		)
		.sort();
}

function jsonBytes(document: unknown): Uint8Array {
	return new TextEncoder().encode(`${JSON.stringify(document, null, "\t")}\n`);
}
