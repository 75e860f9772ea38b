import { useSignal } from "@preact/signals";
import { FileText, Trash2 } from "lucide-preact";
import type { GeneratedNetwork, GenerationResult } from "../api/types.js";
import { frontOf, representatives } from "../chart/pareto.js";
import { type Brush, type Mark, Scatter } from "../chart/scatter.js";
import { duration, enumText, percent, short } from "../format.js";
import { Card, Facts } from "../parts/parts.js";
import { type Column, Table } from "../parts/table.js";
import { saveReport } from "../report/answer-report.js";
import { type Answer, answers, forgetAnswer, go, open, route } from "../state.js";
import { type Axis, axesOf } from "./axes.js";
import { titleOf } from "./titles.js";

const MARKED = 6;

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
			{answer.result.networks.length === 0 ? (
				<Nothing result={answer.result} />
			) : (
				<Plane key={answer.id} answer={answer} />
			)}
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
						`${short(Number(actual))}, the limit is ${short(Number(limit))} (${percent(relativeMargin)})`,
					])}
				/>
			)}
		</Card>
	);
}

const keyOf = ({ network }: GeneratedNetwork) => network.hash;

function Plane({ answer }: { readonly answer: Answer }) {
	const { networks, closest } = answer.result;
	const axes = axesOf(networks);
	const x = useSignal(axes.find(({ key }) => key === "macCount")!.key);
	const y = useSignal(axes[0]!.key === "parameterCount" ? "parameterCount" : axes[0]!.key);
	const hovered = useSignal<string | undefined>(undefined);
	const brush = useSignal<Brush | undefined>(undefined);
	const xAxis = axes.find(({ key }) => key === x.value)!;
	const yAxis = axes.find(({ key }) => key === y.value)!;
	const points = networks.map((item) => ({
		x: xAxis.read(item) ?? Number.NaN,
		y: yAxis.read(item) ?? Number.NaN,
	}));
	const front = frontOf(points, { xUp: xAxis.up, yUp: yAxis.up });
	const named = new Set(representatives(front, MARKED));
	const marks = networks.map(
		(item, i): Mark => ({
			key: keyOf(item),
			...points[i]!,
			kind: front.includes(i) ? "front" : "dominated",
			label: labelOf(item, i, axes),
			...(named.has(i) ? { name: `${i + 1}` } : {}),
		}),
	);
	if (closest && xAxis.read(closest) !== undefined && yAxis.read(closest) !== undefined) {
		marks.push({
			key: "closest",
			x: xAxis.read(closest)!,
			y: yAxis.read(closest)!,
			kind: "infeasible",
			label: "closest, outside the bounds",
		});
	}
	const chosen = brush.value;
	const inside = chosen
		? networks.filter((_, i) => within(points[i]!.x, chosen.x) && within(points[i]!.y, chosen.y))
		: networks;
	const rankOf = new Map(networks.map((item, i) => [keyOf(item), i + 1]));
	const show = (key: string) => {
		const item = networks.find((candidate) => keyOf(candidate) === key);
		if (item)
			open({
				title: `Network ${rankOf.get(key)}`,
				network: item.network,
				scores: item.scores,
				seed: answer.result.provenance.seed,
			});
	};
	return (
		<>
			<Card
				title={`${networks.length} networks, ${front.length} on the front`}
				aside={
					<div class="axes">
						<AxisChoice
							label="Across"
							axes={axes}
							value={x.value}
							onChange={(key) => {
								x.value = key;
								brush.value = undefined;
							}}
						/>
						<AxisChoice
							label="Up"
							axes={axes}
							value={y.value}
							onChange={(key) => {
								y.value = key;
								brush.value = undefined;
							}}
						/>
					</div>
				}
			>
				<Scatter
					title={`${yAxis.title} over ${xAxis.title}`}
					marks={marks}
					front={front.map((i) => points[i]!)}
					x={axisSettings(xAxis, answer)}
					y={axisSettings(yAxis, answer)}
					highlighted={hovered.value}
					brush={brush.value}
					onBrush={(chosen) => {
						brush.value = chosen;
					}}
					onHover={(key) => {
						hovered.value = key;
					}}
					onOpen={show}
				/>
				<p class="note">
					Filled: no other network is better in both quantities; numbers mark {named.size} of them. Dashed:
					bounds. Drag to choose a part
					{brush.value && (
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
			</Card>
			<Table
				caption="Networks of the answer"
				items={inside}
				rowKey={keyOf}
				highlighted={hovered.value}
				onHover={(key) => {
					hovered.value = key;
				}}
				columns={columnsOf(axes, rankOf, show)}
			/>
		</>
	);
}

function columnsOf(
	axes: readonly Axis[],
	rankOf: ReadonlyMap<string, number>,
	show: (key: string) => void,
): Column<GeneratedNetwork>[] {
	const rank = (item: GeneratedNetwork) => rankOf.get(keyOf(item))!;
	return [
		{
			key: "rank",
			title: "Network",
			value: rank,
			cell: (item) => (
				<button type="button" class="link" onClick={() => show(keyOf(item))}>
					Network {rank(item)}
				</button>
			),
		},
		...axes.map(
			(axis): Column<GeneratedNetwork> => ({
				key: axis.key,
				title: axis.title,
				value: (item) => axis.read(item) ?? Number.NEGATIVE_INFINITY,
				cell: (item) => {
					const value = axis.read(item);
					return value === undefined ? "none" : axis.format(value);
				},
				numeric: true,
			}),
		),
		{
			key: "margin",
			title: "Margin",
			value: tightest,
			cell: (item) => (item.margins.length ? percent(tightest(item)) : "no bound"),
			numeric: true,
		},
		{ key: "hash", title: "Hash", cell: ({ network }) => <code>{network.hash.slice(0, 10)}</code> },
	];
}

const tightest = ({ margins }: GeneratedNetwork) =>
	Math.min(...margins.map(({ relativeMargin }) => relativeMargin));

const within = (value: number, [least, most]: readonly [number, number]) => value >= least && value <= most;

function labelOf(item: GeneratedNetwork, i: number, axes: readonly Axis[]): string {
	const values = axes.flatMap((axis) => {
		const value = axis.read(item);
		return value === undefined ? [] : [`${axis.title} ${axis.format(value)}`];
	});
	return [
		`Network ${i + 1}`,
		...values,
		...(item.margins.length ? [`margin ${percent(tightest(item))}`] : []),
	].join(" · ");
}

function axisSettings(axis: Axis, { spec }: Answer) {
	const bounds = axis.bounds.flatMap((key) =>
		spec.constraints[key] === undefined ? [] : [Number(spec.constraints[key])],
	);
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
