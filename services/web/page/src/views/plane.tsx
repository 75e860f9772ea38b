import { useSignal } from "@preact/signals";
import { type Brush, Scatter } from "../chart/scatter.js";
import { Card } from "../parts/parts.js";
import { Table } from "../parts/table.js";
import { type Answer, open } from "../state.js";
import { axesOf, axisSettings, widestCost } from "./axes.js";
import { AxisChoice } from "./axis-choice.js";
import { columnsOf, Published } from "./candidate-tables.js";
import { candidatesOf, labelOf, publishedOf, referenceLabel, shownOf } from "./candidates.js";
import { marksOf, placedOn } from "./plane-marks.js";
import { PlanePart } from "./plane-part.js";

/** The plane of two quantities and the table below it. */
export function Plane({ answer }: { readonly answer: Answer }) {
	const { seed } = answer.result.provenance;
	const candidates = candidatesOf(answer);
	const published = publishedOf(answer);
	const axes = axesOf([...candidates, ...published], answer.result.provenance.objective);
	const y = useSignal(axes[0]!.key);
	const x = useSignal(widestCost(axes, candidates, y.value));
	const hovered = useSignal<string | undefined>(undefined);
	const brush = useSignal<Brush | undefined>(undefined);
	const references = useSignal(true);
	const xAxis = axes.find(({ key }) => key === x.value) ?? axes[0]!;
	const yAxis = axes.find(({ key }) => key === y.value) ?? axes[0]!;
	const plane = { x: xAxis, y: yAxis };
	const points = placedOn(plane, candidates);
	const { front, named, behind, marks } = marksOf(
		points,
		references.value ? placedOn(plane, published) : [],
		{
			...plane,
			labelled: {
				candidate: (item) => labelOf(item, axes, seed),
				published: (item) => referenceLabel(item, axes),
			},
		},
	);
	const bounds = { ...answer.spec.constraints, maxLatencyMs: answer.spec.maxLatencyMs };
	const chosen = brush.value;
	const inside = chosen
		? points.filter((point) => within(point.x, chosen.x) && within(point.y, chosen.y)).map(({ item }) => item)
		: candidates;
	const show = (key: string) => {
		const item = candidates.find((candidate) => candidate.key === key);
		if (item) open(shownOf(item, answer));
	};
	const choose = (signal: typeof x) => (key: string) => {
		signal.value = key;
		brush.value = undefined;
	};
	const count = candidates.filter((candidate) => candidate.feasible).length;
	return (
		<>
			<Card
				title={`${count} networks, ${front.length} on the front`}
				aside={
					<div class="axes">
						<AxisChoice label="Across" axes={axes} value={xAxis.key} onChange={choose(x)} />
						<AxisChoice label="Up" axes={axes} value={yAxis.key} onChange={choose(y)} />
						{published.length > 0 && (
							<label class="inline">
								<input
									type="checkbox"
									checked={references.value}
									onChange={(event) => {
										references.value = event.currentTarget.checked;
									}}
								/>
								Published networks
							</label>
						)}
					</div>
				}
			>
				<Scatter
					title={`${yAxis.title} over ${xAxis.title}`}
					marks={marks}
					front={front}
					x={axisSettings(xAxis, bounds)}
					y={axisSettings(yAxis, bounds)}
					highlighted={hovered.value}
					brush={brush.value}
					onBrush={(part) => {
						brush.value = part;
					}}
					onHover={(key) => {
						hovered.value = key;
					}}
					onOpen={show}
				/>
				<p class="note">
					Filled: no other network is better in both quantities; numbers mark {named} of them. Dimmed: another
					one is. Dotted: outside the bounds, which are dashed.
					{published.length > 0 &&
						` Diamonds: published networks, ${behind} of ${published.length} in reach.`}{" "}
					Drag to choose a part
					{chosen && (
						<>
							;{" "}
							<button
								type="button"
								class="link"
								onClick={() => {
									brush.value = undefined;
								}}
							>
								show all
							</button>
						</>
					)}
					.
				</p>
				<PlanePart
					x={xAxis}
					y={yAxis}
					brush={chosen}
					onBrush={(part) => {
						brush.value = part;
					}}
				/>
			</Card>
			<Table
				caption="Networks of the answer"
				items={inside}
				rowKey={({ key }) => key}
				highlighted={hovered.value}
				onHover={(key) => {
					hovered.value = key;
				}}
				rowClass={(item) => (item.feasible ? "" : "outside")}
				columns={columnsOf(axes, candidates, show)}
			/>
			{published.length > 0 && <Published items={published} axes={axes} />}
		</>
	);
}

const within = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;
