import { invalidArgument } from "@archgen/errors";
import { withFileLock } from "@archgen/files";
import { type CriterionPoint, fitCandidate, plateau } from "@archgen/mixture";
import {
	appendJsonLine,
	type LabelledCells,
	type RunContext,
	readLabelledCells,
	repairJsonLines,
	startJsonLines,
} from "@archgen/pipeline";
import type { LinePlot } from "@archgen/plots";
import { createRandom } from "@archgen/random";
import { table } from "@archgen/text";
import { z } from "zod";

/** What the curves stand on. */
export interface CriteriaTask {
	readonly labels: LabelledCells;
	/** Every K to fit. */
	readonly components: readonly number[];
	readonly restarts: number;
	readonly seed: number;
	/** File that keeps the points of an interrupted run. */
	readonly points: string;
	readonly signal: AbortSignal;
	/** After each K, fitted now or before. */
	readonly onPoint?: (point: CriterionPoint) => void;
}

/** BIC and AIC over the number of components. */
export interface Criteria {
	readonly labelledCells: number;
	readonly seed: number;
	readonly restarts: number;
	/** K by the plateau rule. */
	readonly chosen: number;
	/** K where each criterion is smallest. */
	readonly smallestBic: number;
	readonly smallestAic: number;
	readonly points: readonly CriterionPoint[];
}

/**
 * Fits a mixture for every K and applies the plateau rule. Points that the file has already are not fitted again.
 *
 * @throws ArchgenError INVALID_ARGUMENT when the file holds points of other labels or settings
 */
async function criteria(task: CriteriaTask): Promise<Criteria> {
	const { labels, components, restarts, seed, points: file, signal } = task;
	const known = await openPoints(file, { labels: labels.digest, restarts, seed });
	const random = createRandom(seed).fork("mixture");
	const samples = labels.cells.map(({ zc }) => zc);
	const points: CriterionPoint[] = [];
	for (const k of components) {
		const point = known.get(k) ?? (await fitted(k));
		points.push(point);
		task.onPoint?.(point);
	}
	const smallest = (criterion: "bic" | "aic") =>
		points.reduce((best, point) => (point[criterion] < best[criterion] ? point : best)).components;
	return {
		labelledCells: samples.length,
		seed,
		restarts,
		chosen: plateau(points),
		smallestBic: smallest("bic"),
		smallestAic: smallest("aic"),
		points,
	};

	async function fitted(k: number): Promise<CriterionPoint> {
		const { fit: _fit, ...point } = await fitCandidate(samples, k, { random, restarts, signal });
		await appendJsonLine(file, point);
		return point;
	}
}

/** Both curves with the chosen K. */
export function criteriaPlot({ points, labelledCells, chosen }: Criteria): LinePlot {
	const curve = (name: "bic" | "aic") => ({
		name: name.toUpperCase(),
		points: points.map((point) => [point.components, point[name]] as const),
	});
	return {
		kind: "lines",
		title: `Information criteria of ${labelledCells.toLocaleString("en-US")} labelled cells`,
		x: { title: "components K" },
		y: { title: "criterion, lower is better" },
		lines: [curve("bic"), curve("aic")],
		marks: [{ x: chosen, label: `plateau rule: K = ${chosen}` }],
	};
}

const headerSchema = z.object({ labels: z.string(), restarts: z.int(), seed: z.int() });
const pointSchema = z.object({ components: z.int(), bic: z.number(), aic: z.number() });

async function openPoints(
	file: string,
	header: z.infer<typeof headerSchema>,
): Promise<ReadonlyMap<number, CriterionPoint>> {
	const { lines } = await repairJsonLines(file);
	if (lines.length === 0) {
		await startJsonLines(file, header);
		return new Map();
	}
	const [first, ...rest] = lines;
	const isSame = JSON.stringify(headerSchema.safeParse(first).data) === JSON.stringify(header);
	const points = z.array(pointSchema).safeParse(rest);
	if (!isSame || !points.success) {
		throw invalidArgument("--points", `${file} holds points of other labels or settings; name another file`);
	}
	return new Map(points.data.map((point) => [point.components, point]));
}

/** Curves over every `step`-th number of components of a range. */
export interface CriteriaJob extends Pick<CriteriaTask, "restarts" | "seed" | "points"> {
	/** Path of the labels. */
	readonly labels: string;
	readonly from: number;
	readonly to: number;
	readonly step: number;
}

/** Reads the labels and fits the range; goes on with the points of an interrupted run. */
export async function reproduceCriteria(context: RunContext, job: CriteriaJob): Promise<Criteria> {
	const { from, to, step, points, restarts, seed } = job;
	const { signal } = context;
	const labels = await readLabelledCells(job.labels);
	const components = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, i) => from + i * step);
	// A fit takes time in proportion to K.
	const total = components.reduce((sum, k) => sum + k, 0);
	const progress = context.startProgress({ title: "components", total });
	let done = 0;
	const onPoint = ({ components: k, bic, aic }: CriterionPoint) => {
		done += k;
		progress.update(done, `K ${k}: BIC ${bic.toFixed(0)} AIC ${aic.toFixed(0)}`);
	};
	try {
		return await withFileLock(points, signal, () =>
			criteria({ labels, components, restarts, seed, points, signal, onPoint }),
		);
	} finally {
		progress.stop();
	}
}

/** The curves as a table, and the numbers that each criterion chooses. */
export function describeCriteria({
	labelledCells,
	chosen,
	smallestBic,
	smallestAic,
	points,
}: Criteria): string {
	const rows = points.map(({ components, bic, aic }) => [components, bic.toFixed(1), aic.toFixed(1)]);
	return [
		table(["K", "BIC", "AIC"], rows),
		"",
		`${labelledCells} labelled cells: smallest BIC at K = ${smallestBic}, smallest AIC at K = ${smallestAic}; the plateau rule chooses ${chosen}.`,
	].join("\n");
}
