import { save } from "../api/export.js";
import type { EvolutionJob } from "../api/types.js";
import { bestSoFar, type Point, thinned } from "../views/job-points.js";
import { escapeHtml, page } from "./page.js";

const POINTS = 3000;

/** Writes a job as one HTML file that opens without a server. */
export function saveJobReport(job: EvolutionJob, points: readonly Point[]): void {
	const id = job.name.split("/")[1]!;
	save(`archgen-job-${id}.html`, new Blob([jobReport(job, points)], { type: "text/html" }));
}

/** The text of a report of a job. */
export function jobReport(job: EvolutionJob, points: readonly Point[]): string {
	const { progress, spec } = job;
	const steps = bestSoFar(points);
	const rows = steps.map(({ index, score }) => `<tr><td>${index}</td><td>${score}</td></tr>`).join("");
	const dropped = (progress?.dropped ?? [])
		.map(({ reason, count }) => `<tr><td>${escapeHtml(reason)}</td><td>${count}</td></tr>`)
		.join("");
	const body = `<h1>${escapeHtml(job.name)}</h1>
<p>${spec.inputSize} px, ${spec.classCount} classes, ${escapeHtml(spec.objective)}, seed ${escapeHtml(spec.seed)}; ${progress?.evaluated ?? 0} of ${spec.evaluationCount} evaluations.</p>
${curve(steps, thinned(points, POINTS))}
<h2>Best so far</h2><table><thead><tr><th>Evaluation</th><th>Score</th></tr></thead><tbody>${rows}</tbody></table>
${dropped ? `<h2>Dropped proposals</h2><table><tbody>${dropped}</tbody></table>` : ""}
<details><summary>Request</summary><pre>${escapeHtml(JSON.stringify(spec, null, 2))}</pre></details>`;
	return page(job.name, body, job);
}

function curve(steps: readonly { index: number; score: number }[], cloud: readonly Point[]): string {
	const scores = cloud.map(({ score }) => score);
	if (scores.length === 0 || steps.length === 0) return "";
	const [y0, y1] = [Math.min(...scores), Math.max(...scores)];
	const last = Math.max(1, steps.at(-1)!.index);
	const x = (index: number) => (20 + (600 * index) / last).toFixed(1);
	const y = (score: number) => (270 - (250 * (score - y0)) / (y1 - y0 || 1)).toFixed(1);
	const dots = cloud.map(({ index, score }) => `M${x(index)} ${y(score)}h0`).join("");
	const line = steps
		.map(({ index, score }, i) => (i === 0 ? `M${x(index)} ${y(score)}` : `H${x(index)}V${y(score)}`))
		.join("");
	return `<svg viewBox="0 0 640 290" width="640" height="290" role="img" aria-label="Best score over evaluations"><path class="cloud" d="${dots}"/><path class="line" d="${line}"/></svg>`;
}
