import { save } from "../api/export.js";
import type { EvolutionJob, HistorySummary } from "../api/types.js";
import { short, trim } from "../format.js";
import { bestSoFar, type CurvePoint, populationCurve } from "../views/job-history.js";
import { targetTitle } from "../views/titles.js";
import { escapeHtml, page } from "./page.js";

/** Members of the front that a report lists. */
const FRONT = 100;

const NOTHING: HistorySummary = { evaluationCount: 0, points: [], population: [] };

/** Writes a job as one HTML file that opens without a server. */
export function saveJobReport(job: EvolutionJob, summary: HistorySummary = NOTHING): void {
	const id = job.name.split("/")[1]!;
	save(`archgen-job-${id}.html`, new Blob([jobReport(job, summary)], { type: "text/html" }));
}

/** The text of a report of a job: request, curves, front, dropped children, and all data as JSON. */
function jobReport(job: EvolutionJob, summary: HistorySummary): string {
	const { progress, spec } = job;
	const steps = bestSoFar(summary);
	const population = (["best", "mean", "worst"] as const).map((name) => populationCurve(summary, name));
	const row = (cells: readonly (string | number)[]) =>
		`<tr>${cells.map((cell) => `<td>${escapeHtml(String(cell))}</td>`).join("")}</tr>`;
	const table = (title: string, head: readonly string[], rows: readonly (readonly (string | number)[])[]) =>
		rows.length === 0
			? ""
			: `<h2>${escapeHtml(title)}</h2><table><thead><tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join("")}</tr></thead><tbody>${rows.map(row).join("")}</tbody></table>`;
	const front = summary.points.filter(({ onFront }) => onFront).slice(0, FRONT);
	const body = `<h1>${escapeHtml(job.name)}</h1>
<p>${escapeHtml(targetTitle(spec))}, ${escapeHtml(spec.objective)}, seed ${escapeHtml(spec.seed)}; ${progress?.evaluated ?? 0} of ${spec.evaluationCount} evaluations.</p>
<h2>Best so far</h2>
${curves("Best score over evaluations", [steps], summary.points)}
<h2>Population</h2>
${curves("Best, mean and worst score of the population over evaluations", population, [])}
${table(
	"Best evaluations",
	["Evaluation", "Score"],
	steps.slice(0, -1).map(({ index, score }) => [index, score]),
)}
${table(
	"Front",
	["Evaluation", "Score", "Parameters", "MACs"],
	front.map(({ index, score, counts }) => [
		index,
		trim(score),
		short(Number(counts.parameterCount)),
		short(Number(counts.macCount)),
	]),
)}
${table(
	"Dropped children",
	["Reason", "Count"],
	(progress?.dropped ?? []).map(({ reason, count }) => [reason, count]),
)}
<details><summary>Request</summary><pre>${escapeHtml(JSON.stringify(spec, null, 2))}</pre></details>`;
	return page(job.name, body, { job, summary });
}

/** Curves that stay level between their points, over single values. */
function curves(title: string, lines: readonly CurvePoint[][], cloud: readonly CurvePoint[]): string {
	const all = [...cloud, ...lines.flat()];
	if (all.length === 0) return "";
	const scores = all.map(({ score }) => score);
	const [y0, y1] = [Math.min(...scores), Math.max(...scores)];
	const last = Math.max(1, ...all.map(({ index }) => index));
	const x = (index: number) => (70 + (560 * index) / last).toFixed(1);
	const y = (score: number) => (250 - (230 * (score - y0)) / (y1 - y0 || 1)).toFixed(1);
	const dots = cloud.map(({ index, score }) => `M${x(index)} ${y(score)}h0`).join("");
	const paths = lines.map((line) => {
		const path = line
			.map(({ index, score }, i) => (i === 0 ? `M${x(index)} ${y(score)}` : `H${x(index)}V${y(score)}`))
			.join("");
		return `<path class="line" d="${path}"/>`;
	});
	return `<svg viewBox="0 0 640 290" width="640" height="290" role="img" aria-label="${escapeHtml(title)}"><path class="cloud" d="${dots}"/>${paths.join("")}<text x="64" y="24" text-anchor="end">${escapeHtml(trim(y1))}</text><text x="64" y="252" text-anchor="end">${escapeHtml(trim(y0))}</text><text x="630" y="275" text-anchor="end">${last} evaluations</text></svg>`;
}
