import { curve, isProjected, layoutCell } from "@archgen/exporters/drawing";
import { DEFAULT_TASK, type HeadKind, TASKS } from "@archgen/search-space";
import { bytes, percent, short } from "../format.js";
import type { Anatomy, Costs, SectionCosts } from "../network.js";
import { METRICS } from "../network.js";
import { edgeLabels } from "./edge-labels.js";

/** A value of a metric in few characters. */
export const showCost = (metric: keyof Costs, value: number): string =>
	metric === "activationBytes"
		? bytes(value)
		: metric === "latencyMs"
			? `${Number(value.toPrecision(3))} ms`
			: short(value);

interface Props {
	readonly anatomy: Anatomy;
	readonly metric: keyof Costs;
	readonly selected?: number | undefined;
	readonly onSelect?: (stage: number) => void;
}

/** A network from input to classes: every stage's cell once, with how often it is repeated, coloured by cost. */
export function Picture({ anatomy, metric, selected, onSelect }: Props) {
	// Latencies are fractions of a millisecond; all else is counted.
	const least = metric === "latencyMs" ? Number.MIN_VALUE : 1;
	const most = Math.max(
		...anatomy.sections.flatMap(({ nodes }) => nodes.map((costs) => costs[metric])),
		least,
	);
	return (
		<ol class="picture">
			{anatomy.sections.map((section) => (
				<li key={section.name} class="flow">
					<span class="shape">{shapeOf(section.input).replace("×", " × ")}</span>
					{section.stage === undefined ? (
						<Block section={section} anatomy={anatomy} metric={metric} />
					) : (
						<Stage
							section={section}
							anatomy={anatomy}
							metric={metric}
							most={most}
							selected={selected === section.stage}
							onSelect={onSelect}
						/>
					)}
				</li>
			))}
			<li class="flow">
				<span class="shape">{outputsOf(anatomy.network)}</span>
			</li>
		</ol>
	);
}

/** How a head ends, by its kind. */
const HEAD_ENDS: { readonly [K in HeadKind]: (outputs: number) => string } = {
	pooled: (outputs) => `mean, linear to ${outputs}`,
	dense: (outputs) => `conv 1×1 to ${outputs}`,
	none: () => "norm, ReLU",
};

function Block({
	section,
	anatomy,
	metric,
}: {
	section: SectionCosts;
	anatomy: Anatomy;
	metric: keyof Costs;
}) {
	const { stem, finalChannels, classes } = anatomy.network;
	const { head } = TASKS[anatomy.network.task ?? DEFAULT_TASK];
	const text =
		section.name === "stem"
			? `conv 3×3, ${stem.channels} channels, stride ${stem.stride}`
			: `${finalChannels === null ? "" : `conv 1×1, ${finalChannels} channels, `}${HEAD_ENDS[head](classes)}`;
	return (
		<div class="block">
			<strong>{section.name}</strong>
			<span>{text}</span>
			<span class="number">
				{showCost(metric, section.costs[metric])} ·{" "}
				{percent(section.costs[metric] / (anatomy.total[metric] || 1))}
			</span>
		</div>
	);
}

/** What comes out of the last section. */
function outputsOf({ classes, task }: Anatomy["network"]): string {
	return task === "features" ? "features" : `${classes} ${TASKS[task ?? DEFAULT_TASK].noun}`;
}

const shapeOf = ({ channels, height, width }: SectionCosts["input"]) =>
	height === width ? `${channels}×${height}²` : `${channels}×${height}×${width}`;

/** Room beside a cell for what is written along its outermost edges. */
const AROUND = 18;

interface StageProps {
	readonly section: SectionCosts;
	readonly anatomy: Anatomy;
	readonly metric: keyof Costs;
	readonly most: number;
	readonly selected: boolean;
	readonly onSelect?: ((stage: number) => void) | undefined;
}

function Stage({ section, anatomy, metric, most, selected, onSelect }: StageProps) {
	const stage = anatomy.network.stages[section.stage!]!;
	const { cell, channels, stride, repeats } = stage;
	const { width, height, nodes, edges } = layoutCell(cell);
	const changes = section.input.channels !== channels || stride !== 1;
	const share = section.costs[metric] / (anatomy.total[metric] || 1);
	const projects = (edge: (typeof edges)[number]) => changes && isProjected(cell, edge);
	const carried = (edge: (typeof edges)[number]) =>
		shapeOf(edge.from === 0 && !projects(edge) ? section.input : section.output);
	const id = `arrow-${section.name.replace(" ", "-")}-${cell.hash}`;
	return (
		<figure class={`stage ${selected ? "selected" : ""}`}>
			<figcaption>
				<strong>{section.name}</strong>
				{repeats > 1 && <span class="badge">× {repeats}</span>}
				<span>
					{channels} channels{stride === 1 ? "" : `, stride ${stride}`}
				</span>
				<span class="number">
					{showCost(metric, section.costs[metric])} · {percent(share)}
				</span>
			</figcaption>
			<svg
				viewBox={`${-AROUND} -2 ${width + 2 * AROUND} ${height + 4}`}
				width={width + 2 * AROUND}
				height={height + 4}
				role="img"
				aria-label={`Cell of ${section.name}: ${cell.operations.length} operations, ${cell.edges.length} edges`}
			>
				<defs>
					<marker
						id={id}
						viewBox="0 0 8 8"
						refX={7}
						refY={4}
						markerWidth={7}
						markerHeight={7}
						orient="auto"
						markerUnits="userSpaceOnUse"
					>
						<path class="arrow" d="M0 0 L8 4 L0 8 Z" />
					</marker>
				</defs>
				{edges.map((edge) => (
					<path
						key={`${edge.from}-${edge.to}`}
						class={`edge ${projects(edge) ? "projected" : ""}`}
						d={curve(edge.points)}
						marker-end={`url(#${id})`}
					>
						<title>{carried(edge)}</title>
					</path>
				))}
				{nodes.map(({ node, label, type, x, y, width: w, height: h }) => {
					const costs = section.nodes[node - 1];
					const level = type === undefined || !costs ? 0 : Math.ceil((4 * costs[metric]) / most);
					return (
						<g key={node} class={type === undefined ? "terminal" : `node level-${level}`}>
							<rect x={x - w / 2} y={y - h / 2} width={w} height={h} rx={type === undefined ? h / 2 : 6} />
							<text x={x} y={y + 4.5} text-anchor="middle">
								{label}
							</text>
							{costs && <title>{`${label}: ${showCost(metric, costs[metric])} ${METRICS[metric]}`}</title>}
						</g>
					);
				})}
				{edgeLabels(
					edges.map((edge) => ({ ...edge, text: carried(edge) })),
					nodes,
				).map(({ x, y, text }) => (
					<text key={`${x} ${y}`} class="edge-shape" x={x} y={y + 3} text-anchor="middle">
						{text}
					</text>
				))}
			</svg>
			{onSelect && (
				<button type="button" class="link" onClick={() => onSelect(section.stage!)}>
					Synonyms of this cell
				</button>
			)}
		</figure>
	);
}
