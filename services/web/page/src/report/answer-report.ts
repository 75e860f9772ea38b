import { exportFile, save } from "../api/export.js";
import { frontOf } from "../chart/pareto.js";
import type { Answer } from "../state.js";
import { type Axis, axesOf, widestCost } from "../views/axes.js";
import { titleOf } from "../views/titles.js";
import { escapeHtml, page } from "./page.js";

const PICTURES = 5;

/** Writes an answer as one HTML file that opens without a server: plane, table, pictures, request, provenance, and all data. */
export async function saveReport(answer: Answer): Promise<void> {
	const { networks, provenance } = answer.result;
	const pictures = await Promise.all(
		networks.slice(0, PICTURES).map(async ({ network }) => {
			const { blob } = await exportFile({ network, seed: provenance.seed }, "EXPORT_FORMAT_SVG");
			return dataAddress(blob);
		}),
	);
	const blob = new Blob([answerReport(answer, pictures)], { type: "text/html" });
	save(`archgen-answer-${answer.id}.html`, blob);
}

/** The text of a report. @param pictures of the first networks, as data addresses */
function answerReport(answer: Answer, pictures: readonly string[]): string {
	const { networks, provenance, generatedCount, feasibleCount } = answer.result;
	const axes = axesOf(networks, provenance.objective);
	const rows = networks.map((item, i) => {
		const values = axes.map((axis) => axis.read(item));
		return `<tr><td>Network ${i + 1}</td>${values.map((value, k) => `<td>${value === undefined ? "" : escapeHtml(axes[k]!.format(value))}</td>`).join("")}<td><code>${escapeHtml(item.network.hash.slice(0, 10))}</code></td></tr>`;
	});
	const figures = pictures.map(
		(picture, i) =>
			`<figure><figcaption>Network ${i + 1}</figcaption><img alt="Network ${i + 1}" src="${picture}"></figure>`,
	);
	const title = titleOf(answer);
	const models = Object.values(provenance.modelVersions).map(({ name, version }) => `${name} ${version}`);
	const body = `<h1>Networks by archgen</h1><p>${escapeHtml(title)}</p>
<p>${generatedCount} generated, ${feasibleCount} distinct ones within every bound; model ${escapeHtml([...new Set(models)].join(", "))}, seed ${escapeHtml(provenance.seed)}.</p>
${networks.length > 1 ? plane(answer, axes) : ""}
<table><thead><tr><th>Network</th>${axes.map((axis) => `<th>${escapeHtml(axis.title)}</th>`).join("")}<th>Hash</th></tr></thead><tbody>${rows.join("")}</tbody></table>
${figures.join("\n")}
<details><summary>Request</summary><pre>${escapeHtml(JSON.stringify(answer.spec, null, 2))}</pre></details>`;
	return page(title, body, answer);
}

/** The first quantity over the cost in which the networks differ most. */
function plane({ result: { networks } }: Answer, axes: readonly Axis[]): string {
	const y = axes[0]!;
	const cost = widestCost(axes, networks, y.key);
	const x = axes.find(({ key }) => key === cost)!;
	const points = networks.map((item) => ({ x: x.read(item) ?? 0, y: y.read(item) ?? 0 }));
	const front = new Set(frontOf(points, { xUp: x.up, yUp: y.up }));
	const range = (values: readonly number[]): [number, number] => [Math.min(...values), Math.max(...values)];
	const [[x0, x1], [y0, y1]] = [range(points.map((point) => point.x)), range(points.map((point) => point.y))];
	const px = (value: number) => 60 + (560 * (value - x0)) / (x1 - x0 || 1);
	const py = (value: number) => 280 - (250 * (value - y0)) / (y1 - y0 || 1);
	const marks = points.map(
		(point, i) =>
			`<circle class="${front.has(i) ? "" : "dim"}" cx="${px(point.x).toFixed(1)}" cy="${py(point.y).toFixed(1)}" r="5"><title>Network ${i + 1}</title></circle>`,
	);
	return `<figure><svg viewBox="0 0 660 330" width="660" height="330" role="img" aria-label="${escapeHtml(`${y.title} over ${x.title}`)}"><line x1="60" x2="620" y1="290" y2="290"/><text x="60" y="308">${escapeHtml(x.format(x0))}</text><text x="620" y="308" text-anchor="end">${escapeHtml(x.format(x1))} ${escapeHtml(x.title)}</text><text x="4" y="34">${escapeHtml(y.format(y1))}</text><text x="4" y="280">${escapeHtml(y.format(y0))}</text><text x="60" y="16">${escapeHtml(y.title)}</text>${marks.join("")}</svg><figcaption>Full colour: no other network is better in both quantities.</figcaption></figure>`;
}

/** A file as an address that carries its content. */
function dataAddress(blob: Blob): Promise<string> {
	return new Promise((resolve, reject) => {
		const reader = new FileReader();
		reader.onload = () => resolve(reader.result as string);
		reader.onerror = () => reject(reader.error);
		reader.readAsDataURL(blob);
	});
}
