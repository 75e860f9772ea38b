import { ArchgenError } from "@archgen/errors";
import { appendJsonLine, repairJsonLines, startJsonLines } from "@archgen/pipeline";
import { isProxyName, type ProxyName, type ProxyResult } from "@archgen/proxies";
import { z } from "zod";

/** What the scores of a file were computed with; its first line. */
export interface ScoresHeader {
	readonly format: "archgen.nasbench201-scores" | "archgen.ranking-scores";
	readonly version: 1;
	/** Search space; of ranking scores only. */
	readonly space?: string;
	/** Seed of the initial weights. */
	readonly seed: number;
	/** `identity` of the minibatch. */
	readonly images: string;
}

/** Results by proxy; a network may lack some that were not asked for when it was scored. */
export type BenchmarkScores = Partial<Record<ProxyName, ProxyResult>>;

const headerSchema = z.strictObject({
	format: z.enum(["archgen.nasbench201-scores", "archgen.ranking-scores"]),
	version: z.literal(1),
	space: z.string().optional(),
	seed: z.int(),
	images: z.string(),
});
const resultSchema = z.union([
	z.strictObject({ ok: z.literal(true), value: z.number() }),
	z.strictObject({ ok: z.literal(false), reason: z.string(), message: z.string() }),
]);
const rowSchema = z.strictObject({ arch: z.string(), scores: z.record(z.string(), resultSchema) });

/**
 * Opens a file of scores to add to it: a new one gets its header, an incomplete last line is cut off.
 *
 * @returns the scores so far by architecture
 * @throws ArchgenError FAILED_PRECONDITION `SCORES_MISMATCH` when it was made with another seed or other images; DATA_LOSS
 *   `SCORES_INVALID` for a line that is no score
 */
export async function openScores(path: string, header: ScoresHeader): Promise<Map<string, BenchmarkScores>> {
	const { lines } = await repairJsonLines(path);
	const scores = new Map<string, BenchmarkScores>();
	if (lines.length === 0) {
		await startJsonLines(path, header);
		return scores;
	}
	const [first, ...rows] = lines;
	checkHeader(path, first, header);
	rows.forEach((line, i) => {
		const row = rowSchema.safeParse(line);
		if (!row.success || !Object.keys(row.data.scores).every(isProxyName)) throw damaged(path, i + 2);
		scores.set(row.data.arch, { ...scores.get(row.data.arch), ...row.data.scores });
	});
	return scores;
}

/** Appends scores of one network. */
export function appendScores(path: string, arch: string, scores: BenchmarkScores): Promise<void> {
	return appendJsonLine(path, { arch, scores });
}

function checkHeader(path: string, line: unknown, wanted: ScoresHeader): void {
	const found = headerSchema.safeParse(line);
	if (!found.success) throw damaged(path, 1);
	const same = (["format", "space", "seed", "images"] as const).every(
		(key) => found.data[key] === wanted[key],
	);
	if (same) return;
	throw new ArchgenError({
		category: "FAILED_PRECONDITION",
		reason: "SCORES_MISMATCH",
		message: `${path} was made with another seed, other images or another space; use the same or another --out.`,
		metadata: { path },
	});
}

function damaged(path: string, line: number): ArchgenError {
	return new ArchgenError({
		category: "DATA_LOSS",
		reason: "SCORES_INVALID",
		message: `${path}, line ${line}: not a line of scores; remove it or use another --out.`,
		metadata: { path, line: String(line) },
	});
}
