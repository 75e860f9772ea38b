import { useSignal } from "@preact/signals";
import { CallError, call, problemOf } from "../api/client.js";
import type { Evaluation, EvolutionJob, HistorySummary } from "../api/types.js";
import { Lines } from "../chart/lines.js";
import type { Mark } from "../chart/mark.js";
import { Scatter } from "../chart/scatter.js";
import { enumText, exact, percent } from "../format.js";
import { Bar, Card } from "../parts/parts.js";
import { open } from "../state.js";
import { type Axis, axesOf, axisSettings, measuredOf, scoreTitle } from "./axes.js";
import { AxisChoice } from "./axis-choice.js";
import { bestSoFar, populationCurve } from "./job-history.js";

interface Props {
	readonly job: EvolutionJob;
	readonly summary: HistorySummary;
	readonly onError: (problem: ReturnType<typeof problemOf>) => void;
}

/** Best so far, population over time, and the plane of evaluations with its front. */
export function JobCharts({ job, summary, onError }: Props) {
	if (summary.evaluationCount === 0) return null;
	const objective = scoreTitle(job.spec.objective);
	const feasible = summary.points.filter(({ constraintExcess }) => constraintExcess === 0);
	return (
		<>
			<Card title={`Best ${objective} so far`}>
				<Lines
					title={`Best ${objective} over evaluations`}
					curves={[{ name: "best", points: bestSoFar(summary) }]}
					cloud={feasible}
					yTitle={objective}
				/>
			</Card>
			<Card title="Population over time">
				<Lines
					title={`Best, mean and worst ${objective} of the population over evaluations`}
					curves={(["best", "mean", "worst"] as const).map((name) => ({
						name,
						points: populationCurve(summary, name),
					}))}
					yTitle={objective}
				/>
				<p class="note">
					{exact(summary.population.at(-1)?.population.size ?? 0)} of at most {exact(job.spec.populationSize)}{" "}
					living, those outside the bounds too, as the history replays them.
				</p>
			</Card>
			<Plane job={job} summary={summary} onError={onError} />
		</>
	);
}

/** Axis of each cost that a Pareto search trades against. */
const AXIS_OF_COST: Readonly<Record<string, string>> = {
	PARETO_COST_PARAMETER_COUNT: "parameterCount",
	PARETO_COST_MAC_COUNT: "macCount",
	PARETO_COST_FLOP_COUNT: "flopCount",
	PARETO_COST_PEAK_ACTIVATION_BYTES: "peakActivationBytes",
	PARETO_COST_LATENCY: "latency",
};

function Plane({ job, summary, onError }: Props) {
	const { objective, paretoCosts, constraints, maxLatencyMs, maxPeakActivationBytes } = job.spec;
	const items = summary.points.map((point) => ({ point, measured: measuredOf(point, objective) }));
	const axes = axesOf(items.map(({ measured }) => measured));
	const costs = axes.filter(({ key }) => key !== objective);
	const x = useSignal(AXIS_OF_COST[paretoCosts[0] ?? ""] ?? "macCount");
	const hovered = useSignal<string | undefined>(undefined);
	const xAxis = costs.find(({ key }) => key === x.value) ?? costs[0]!;
	const yAxis = axes.find(({ key }) => key === objective)!;
	const marks = items.flatMap(({ point, measured }): Mark[] => {
		const across = xAxis.read(measured);
		if (across === undefined) return [];
		const kind = point.onFront ? "front" : point.constraintExcess > 0 ? "infeasible" : "dominated";
		const excess = point.constraintExcess > 0 ? ` · bounds broken by ${percent(point.constraintExcess)}` : "";
		return [
			{
				key: String(point.index),
				x: across,
				y: point.score,
				kind,
				label: `Evaluation ${exact(point.index)} · ${axes.map((axis) => labelled(axis, measured)).join(" · ")}${excess}`,
			},
		];
	});
	// The front is drawn above the others.
	marks.sort((a, b) => Number(a.kind === "front") - Number(b.kind === "front"));
	const front = marks.filter(({ kind }) => kind === "front").sort((a, b) => a.x - b.x);
	const bounds = { ...constraints, maxLatencyMs, maxPeakActivationBytes };
	const show = (key: string) =>
		void openEvaluation(job, Number(key)).catch((failure) => onError(problemOf(failure)));
	return (
		<Card
			title={paretoCosts.length > 0 ? `Evaluations, ${front.length} on the front` : "Evaluations"}
			aside={
				<AxisChoice
					label="Across"
					axes={costs}
					value={xAxis.key}
					onChange={(key) => {
						x.value = key;
					}}
				/>
			}
		>
			<Scatter
				title={`${yAxis.title} over ${xAxis.title}`}
				marks={marks}
				front={paretoCosts.length === 1 ? front : []}
				x={axisSettings(xAxis, bounds)}
				y={{ title: yAxis.title, format: yAxis.format, bounds: [] }}
				highlighted={hovered.value}
				onHover={(key) => {
					hovered.value = key;
				}}
				onOpen={show}
			/>
			<p class="note">
				{marks.length === summary.evaluationCount
					? `All ${exact(summary.evaluationCount)} evaluations.`
					: `${exact(marks.length)} of ${exact(summary.evaluationCount)} evaluations: front and best so far whole, of the others every so many.`}{" "}
				A click opens the network.
			</p>
			{front.length > 0 && (
				<details>
					<summary>The front as a list</summary>
					<ul class="front-list">
						{front.slice(0, MOST_LISTED).map(({ key, label }) => (
							<li key={key}>
								<button type="button" class="link" onClick={() => show(key)}>
									{label}
								</button>
							</li>
						))}
					</ul>
				</details>
			)}
		</Card>
	);
}

/** Members of a front that are listed. */
const MOST_LISTED = 200;

function labelled(axis: Axis, item: Parameters<Axis["read"]>[0]): string {
	const value = axis.read(item);
	return `${axis.title} ${value === undefined ? "none" : axis.format(value)}`;
}

/** Opens the network of an evaluation. */
export async function openEvaluation(job: EvolutionJob, index: number): Promise<void> {
	const name = `${job.name}/evaluations/${index}`;
	const { evaluation } = await call<{ evaluation: Evaluation }>("jobs", "GetEvaluation", { name });
	const { network, score, architecture = "" } = evaluation;
	if (!network) {
		const detail = `${architecture} was looked up in a table; there is no picture of it.`;
		throw new CallError({ title: "LOOKED_UP", status: 0, detail, reason: "LOOKED_UP" });
	}
	const { modelVersion, spec } = job;
	open({
		title: `${job.name.split("/")[1]}, evaluation ${index}`,
		network,
		scores: { [spec.objective]: score },
		seed: spec.seed,
		...(modelVersion ? { origin: `${modelVersion.name} ${modelVersion.version}` } : {}),
	});
}

/** Children that were dropped, by reason. */
export function DroppedChildren({ job }: { readonly job: EvolutionJob }) {
	const dropped = [...(job.progress?.dropped ?? [])].sort((a, b) => Number(b.count) - Number(a.count));
	if (dropped.length === 0) return null;
	const most = Number(dropped[0]!.count);
	return (
		<Card title="Dropped children">
			{dropped.map(({ reason, count }) => (
				<div key={reason} class="step">
					<span>{enumText(reason, "")}</span>
					<Bar share={Number(count) / most} label={`Dropped for ${reason}`} />
					<span class="number">{exact(Number(count))}</span>
				</div>
			))}
		</Card>
	);
}
