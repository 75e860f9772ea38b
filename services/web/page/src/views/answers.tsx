import { useSignal } from "@preact/signals";
import { FileText, Trash2 } from "lucide-preact";
import type { GenerationResult } from "../api/types.js";
import { frontOf, representatives } from "../chart/pareto.js";
import { type Brush, type Mark, Scatter } from "../chart/scatter.js";
import { withinReach } from "../chart/visible.js";
import { duration, enumText, percent, readBytes } from "../format.js";
import { Card, Facts } from "../parts/parts.js";
import { type Column, Table } from "../parts/table.js";
import { saveReport } from "../report/answer-report.js";
import { type Answer, answers, forgetAnswer, go, open, route } from "../state.js";
import { type Axis, axesOf, type Measured, widestCost } from "./axes.js";
import {
	type Candidate,
	candidatesOf,
	labelOf,
	marginTexts,
	type PublishedNetwork,
	publishedOf,
	referenceLabel,
	shownOf,
	tightest,
} from "./candidates.js";
import { amount, titleOf } from "./titles.js";

/** Members of the front that are numbered. */
const MARKED = 8;

/** Answers that were kept, one of them as a plane of two quantities and as a table. */
export function Answers() {
	const id = route.value.rest[0];
	const answer = answers.value.find((kept) => kept.id === id) ?? answers.value[0];
	if (!answer) {
		return (
			<Card title="No answers yet">
				<p>
					<a href="#/ask">Ask for networks</a>; every answer is kept in this browser.
				</p>
			</Card>
		);
	}
	return (
		<div class="stack">
			<Choice current={answer} />
			{answer.result.networks.length === 0 && <Nothing result={answer.result} />}
			{candidatesOf(answer).length > 0 && <Plane key={answer.id} answer={answer} />}
			<Origin answer={answer} />
		</div>
	);
}

function Choice({ current }: { readonly current: Answer }) {
	return (
		<div class="toolbar">
			<label>
				<span class="hidden">Answer</span>
				<select value={current.id} onChange={(event) => go(`answers/${event.currentTarget.value}`)}>
					{answers.value.map((answer) => (
						<option key={answer.id} value={answer.id}>
							{titleOf(answer)}
						</option>
					))}
				</select>
			</label>
			<button type="button" onClick={() => void saveReport(current)}>
				<FileText size={15} aria-hidden="true" />
				Report
			</button>
			<button type="button" onClick={() => forgetAnswer(current.id)}>
				<Trash2 size={15} aria-hidden="true" />
				Forget
			</button>
		</div>
	);
}

function Nothing({ result }: { readonly result: GenerationResult }) {
	return (
		<Card title="Nothing meets these bounds">
			<p>{result.reason}</p>
			{result.closest && (
				<Facts
					facts={result.closest.margins.map(({ kind, limit, actual, relativeMargin }) => [
						enumText(kind, "CONSTRAINT_KIND_"),
						`${amount(kind, Number(actual))}, the limit is ${amount(kind, Number(limit))} (${percent(relativeMargin)})`,
					])}
				/>
			)}
		</Card>
	);
}

/** The plane of two quantities and the table below it. */
function Plane({ answer }: { readonly answer: Answer }) {
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
	const placed = <T extends Measured>(items: readonly T[]) =>
		items.flatMap((item) => {
			const [across, up] = [xAxis.read(item), yAxis.read(item)];
			return across === undefined || up === undefined ? [] : [{ item, x: across, y: up }];
		});
	const points = placed(candidates);
	const feasible = points.filter(({ item }) => item.feasible);
	const front = frontOf(feasible, { xUp: xAxis.up, yUp: yAxis.up }).map((i) => feasible[i]!);
	const named = new Set(
		representatives(
			front.map((_, i) => i),
			MARKED,
		).map((i) => front[i]!.item.key),
	);
	const behind = references.value ? withinReach(placed(published), points) : [];
	const marks: Mark[] = [
		...behind.map(({ item, ...place }) => ({
			...place,
			key: item.key,
			kind: "reference" as const,
			label: referenceLabel(item, axes),
		})),
		...points.map(({ item, ...place }) => ({
			...place,
			key: item.key,
			kind: !item.feasible
				? ("infeasible" as const)
				: front.some((other) => other.item === item)
					? ("front" as const)
					: ("dominated" as const),
			label: labelOf(item, axes, seed),
			...(named.has(item.key) ? { name: item.name.replace("Network ", "") } : {}),
		})),
	];
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
					x={axisSettings(xAxis, answer)}
					y={axisSettings(yAxis, answer)}
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
					Filled: no other network is better in both quantities; numbers mark {named.size} of them. Dimmed:
					another one is. Dotted: outside the bounds, which are dashed.
					{published.length > 0 &&
						` Diamonds: published networks, ${behind.length} of ${published.length} in reach.`}{" "}
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
				<Part
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

/** The chosen part of the plane as numbers, for those who do not drag. */
function Part({
	x,
	y,
	brush,
	onBrush,
}: {
	readonly x: Axis;
	readonly y: Axis;
	readonly brush: Brush | undefined;
	readonly onBrush: (brush: Brush | undefined) => void;
}) {
	const field = (axis: Axis, side: "x" | "y", end: 0 | 1) => {
		const value = brush?.[side][end];
		return (
			<label>
				<span>
					{axis.title}, at {end === 0 ? "least" : "most"}
				</span>
				<input
					value={value === undefined || !Number.isFinite(value) ? "" : String(Number(value.toPrecision(6)))}
					onChange={(event) => {
						const text = event.currentTarget.value.trim();
						const number =
							text === "" ? Number.NaN : Number(Number.isNaN(Number(text)) ? readBytes(text) : text);
						const all = brush ?? { x: ANY, y: ANY };
						const next: [number, number] = [...all[side]];
						next[end] = Number.isFinite(number) ? number : ANY[end];
						onBrush({ ...all, [side]: next });
					}}
				/>
			</label>
		);
	};
	return (
		<details>
			<summary>Choose a part by numbers</summary>
			<div class="fields">
				{field(x, "x", 0)}
				{field(x, "x", 1)}
				{field(y, "y", 0)}
				{field(y, "y", 1)}
			</div>
		</details>
	);
}

const ANY: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** The published networks behind the plane, each with its source. */
function Published({
	items,
	axes,
}: {
	readonly items: readonly PublishedNetwork[];
	readonly axes: readonly Axis[];
}) {
	const shown = axes.filter((axis) => items.some((item) => axis.read(item) !== undefined));
	return (
		<details>
			<summary>{items.length} published networks of this task, with their sources</summary>
			<Table
				caption="Published networks"
				items={items}
				rowKey={({ key }) => key}
				columns={[
					{
						key: "name",
						title: "Network",
						value: ({ reference }) => reference.name,
						cell: ({ reference }) => reference.name,
					},
					...shown.map((axis) => axisColumn<PublishedNetwork>(axis)),
					{ key: "source", title: "Source", cell: ({ reference }) => reference.source },
				]}
			/>
		</details>
	);
}

function axisColumn<T extends Measured>(axis: Axis): Column<T> {
	return {
		key: axis.key,
		title: axis.title,
		value: (item) => axis.read(item) ?? Number.NEGATIVE_INFINITY,
		cell: (item) => {
			const value = axis.read(item);
			return value === undefined ? "none" : axis.format(value);
		},
		numeric: true,
	};
}

function columnsOf(
	axes: readonly Axis[],
	candidates: readonly Candidate[],
	show: (key: string) => void,
): Column<Candidate>[] {
	return [
		{
			key: "rank",
			title: "Network",
			value: (item) => candidates.indexOf(item),
			cell: ({ key, name }) => (
				<button type="button" class="link" onClick={() => show(key)}>
					{name}
				</button>
			),
		},
		...axes
			.filter(({ read }) => candidates.some((item) => read(item) !== undefined))
			.map((axis) => axisColumn<Candidate>(axis)),
		{
			key: "margin",
			title: "Margin",
			value: tightest,
			cell: (item) => (
				<span title={marginTexts(item.margins).join("\n")}>
					{item.margins.length ? percent(tightest(item)) : "no bound"}
				</span>
			),
			numeric: true,
		},
		{ key: "hash", title: "Hash", cell: ({ key }) => <code>{key.slice(0, 10)}</code> },
	];
}

const within = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;

function axisSettings(axis: Axis, { spec }: Answer) {
	const all: Readonly<Record<string, unknown>> = { ...spec.constraints, maxLatencyMs: spec.maxLatencyMs };
	const bounds = axis.bounds.flatMap((key) => (all[key] === undefined ? [] : [Number(all[key])]));
	return { title: axis.title, format: axis.format, bounds };
}

function AxisChoice({
	label,
	axes,
	value,
	onChange,
}: {
	label: string;
	axes: readonly Axis[];
	value: string;
	onChange: (key: string) => void;
}) {
	return (
		<label class="inline">
			{label}
			<select value={value} onChange={(event) => onChange(event.currentTarget.value)}>
				{axes.map(({ key, title }) => (
					<option key={key} value={key}>
						{title}
					</option>
				))}
			</select>
		</label>
	);
}

function Origin({ answer }: { readonly answer: Answer }) {
	const { provenance, generatedCount, feasibleCount, dropped, timings, warnings } = answer.result;
	const versions = [
		...new Set(Object.values(provenance.modelVersions).map(({ name, version }) => `${name} ${version}`)),
	];
	return (
		<Card title="How it came about">
			{warnings.map((warning) => (
				<p key={warning} class="warning">
					{warning}
				</p>
			))}
			<Facts
				facts={[
					["Generated", `${generatedCount}, ${feasibleCount} distinct ones within every bound`],
					...(dropped.length
						? [["Dropped", dropped.map(({ reason, count }) => `${count} ${reason}`).join(", ")] as const]
						: []),
					[
						"Time",
						timings
							.map(
								({ step, elapsedSeconds }) =>
									`${enumText(step, "GENERATION_STEP_")} ${duration(elapsedSeconds)}`,
							)
							.join(", "),
					],
					["Seed", provenance.seed],
					["Model", versions.join(", ")],
					...(provenance.cellGenerator ? [["Generator of cells", provenance.cellGenerator] as const] : []),
					...(provenance.objective ? [["Objective", provenance.objective] as const] : []),
					...(provenance.batchSize
						? [
								[
									"Scored on",
									`${provenance.batchSize} images of ${provenance.scoringInputSize} px, ${provenance.dataIdentity}`,
								] as const,
							]
						: []),
				]}
			/>
		</Card>
	);
}
