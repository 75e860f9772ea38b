import { useSignal, useSignalEffect } from "@preact/signals";
import { Pause, Play, Trash2 } from "lucide-preact";
import { useEffect, useRef } from "preact/hooks";
import { type CallError, call, problemOf, stream } from "../api/client.js";
import type { Evaluation, EvolutionJob } from "../api/types.js";
import { Lines } from "../chart/lines.js";
import { Scatter } from "../chart/scatter.js";
import { duration, enumText, exact, short, trim } from "../format.js";
import { Bar, Card, Facts, Failure } from "../parts/parts.js";
import { Table } from "../parts/table.js";
import { saveJobReport } from "../report/job-report.js";
import { go, open, route } from "../state.js";
import { scoreTitle } from "./axes.js";
import { bestSoFar, History, type Point, thinned } from "./job-points.js";
import { enumBound } from "./titles.js";
import { Training } from "./training.js";

export const idOf = ({ name }: Pick<EvolutionJob, "name">) => name.split("/")[1]!;
const stateOf = ({ state }: EvolutionJob) => enumText(state, "EVOLUTION_JOB_STATE_");
const LIVE = new Set(["EVOLUTION_JOB_STATE_QUEUED", "EVOLUTION_JOB_STATE_RUNNING"]);
/** Categories of failures that pass: services that restart, or are busy. */
const PASSING = new Set(["UNAVAILABLE", "CANCELLED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "INTERNAL"]);
const POLL_MS = 3000;
const RETRY_MS = 1500;
const CLOUD = 3000;

/** All jobs, or one of them. */
export function Jobs() {
	const id = route.value.rest[0];
	return id === undefined ? (
		<JobList />
	) : id === "compare" ? (
		<Comparison ids={route.value.rest.slice(1)} />
	) : (
		<Job key={id} id={id} />
	);
}

function JobList() {
	const jobs = useSignal<readonly EvolutionJob[] | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	const chosen = useSignal<ReadonlySet<string>>(new Set());
	useEffect(() => {
		const controller = new AbortController();
		const load = async () => {
			try {
				const { evolutionJobs } = await call<{ evolutionJobs: EvolutionJob[] }>(
					"jobs",
					"ListEvolutionJobs",
					{ pageSize: 100 },
					{ signal: controller.signal },
				);
				jobs.value = evolutionJobs;
				error.value = undefined;
			} catch (failure) {
				error.value = problemOf(failure);
			}
		};
		void load();
		const timer = setInterval(() => void load(), POLL_MS);
		return () => {
			controller.abort();
			clearInterval(timer);
		};
	}, []);
	const toggle = (id: string) => {
		const next = new Set(chosen.value);
		if (!next.delete(id)) next.add(id);
		chosen.value = next;
	};
	return (
		<Card
			title="Jobs"
			aside={
				<button
					type="button"
					disabled={chosen.value.size < 2}
					onClick={() => go(`jobs/compare/${[...chosen.value].join("/")}`)}
				>
					Compare {chosen.value.size < 2 ? "two or more" : chosen.value.size}
				</button>
			}
		>
			<Failure error={error.value} />
			{jobs.value?.length === 0 && (
				<p>
					No jobs. <a href="#/ask?effort=search">Start a search</a>; it goes on when this page is closed.
				</p>
			)}
			{jobs.value === undefined && !error.value && <p class="note">Loading …</p>}
			{jobs.value && jobs.value.length > 0 && (
				<Table
					caption="Jobs"
					items={jobs.value}
					rowKey={({ name }) => name}
					columns={[
						{
							key: "compare",
							title: "Compare",
							cell: (job) => (
								<input
									type="checkbox"
									aria-label={`Compare ${idOf(job)}`}
									checked={chosen.value.has(idOf(job))}
									onChange={() => toggle(idOf(job))}
								/>
							),
						},
						{
							key: "job",
							title: "Job",
							value: idOf,
							cell: (job) => <a href={`#/jobs/${idOf(job)}`}>{idOf(job)}</a>,
						},
						{ key: "state", title: "State", value: stateOf, cell: (job) => <State job={job} /> },
						{
							key: "best",
							title: "Best",
							numeric: true,
							value: ({ progress }) => progress?.best?.score ?? 0,
							cell: ({ progress }) => (progress?.best ? trim(progress.best.score) : "none"),
						},
						{
							key: "done",
							title: "Evaluations",
							numeric: true,
							value: ({ progress }) => progress?.evaluated ?? 0,
							cell: ({ progress, spec }) =>
								`${exact(progress?.evaluated ?? 0)} / ${exact(spec.evaluationCount)}`,
						},
						{
							key: "rate",
							title: "Rate",
							numeric: true,
							cell: (job) =>
								LIVE.has(job.state) && job.progress ? `${trim(job.progress.evaluationsPerSecond)} / s` : "",
						},
						{ key: "left", title: "Left", numeric: true, cell: (job) => leftOf(job) },
						{ key: "bounds", title: "Bounds", cell: ({ spec }) => boundsOf(spec.constraints) },
					]}
				/>
			)}
		</Card>
	);
}

const boundsOf = (constraints: EvolutionJob["spec"]["constraints"]) =>
	Object.entries(constraints ?? {})
		.map(([key, value]) => `${enumBound(key)} ${short(Number(value))}`)
		.join(", ") || "none";

const leftOf = (job: EvolutionJob) =>
	LIVE.has(job.state) && job.progress?.remaining
		? duration(Number(job.progress.remaining.replace("s", "")))
		: "";

function State({ job }: { readonly job: EvolutionJob }) {
	return <span class={`state ${stateOf(job)}`}>{stateOf(job)}</span>;
}

/** One job as it runs. The page finds it again after restarts of gateway and orchestrator. */
function Job({ id }: { readonly id: string }) {
	const name = `evolutionJobs/${id}`;
	const job = useSignal<EvolutionJob | undefined>(undefined);
	const points = useSignal<readonly Point[]>([]);
	const error = useSignal<CallError | undefined>(undefined);
	const attempt = useSignal(0);
	const history = useRef(new History(name));
	useSignalEffect(() => {
		attempt.value;
		const controller = new AbortController();
		void follow(name, controller.signal, history.current, {
			onJob: (latest) => {
				job.value = latest;
			},
			onPoints: (latest) => {
				points.value = latest;
			},
			onError: (problem) => {
				error.value = problem;
			},
		});
		return () => controller.abort();
	});
	const act = async (method: string) => {
		try {
			await call("jobs", method, { name });
			error.value = undefined;
			if (method === "DeleteEvolutionJob") return go("jobs");
			attempt.value += 1;
		} catch (failure) {
			error.value = problemOf(failure);
		}
	};
	const current = job.value;
	if (!current)
		return (
			<Card title={id}>{error.value ? <Failure error={error.value} /> : <p class="note">Loading …</p>}</Card>
		);
	const { progress, spec } = current;
	const live = LIVE.has(current.state);
	const created = current.state === "EVOLUTION_JOB_STATE_CREATED";
	return (
		<div class="stack">
			<Card
				title={id}
				aside={
					<div class="toolbar">
						<State job={current} />
						{live && (
							<button type="button" onClick={() => void act("CancelEvolutionJob")}>
								<Pause size={15} aria-hidden="true" />
								Pause
							</button>
						)}
						{!live && current.state !== "EVOLUTION_JOB_STATE_SUCCEEDED" && (
							<button
								type="button"
								onClick={() => void act(created ? "RunEvolutionJob" : "ResumeEvolutionJob")}
							>
								<Play size={15} aria-hidden="true" />
								{created ? "Run" : "Resume"}
							</button>
						)}
						{!live && (
							<button type="button" onClick={() => void act("DeleteEvolutionJob")}>
								<Trash2 size={15} aria-hidden="true" />
								Delete
							</button>
						)}
						<button type="button" onClick={() => void saveJobReport(current, points.value)}>
							Report
						</button>
					</div>
				}
			>
				<Failure error={error.value} />
				{current.problem && <p class="warning">{current.problem.message}</p>}
				<div class="step">
					<span>{progress?.phase || "not begun"}</span>
					<Bar share={(progress?.evaluated ?? 0) / spec.evaluationCount} label="Evaluations done" />
					<span class="number">
						{exact(progress?.evaluated ?? 0)} / {exact(spec.evaluationCount)}
					</span>
				</div>
				<Facts
					facts={[
						[
							"Best",
							progress?.best ? (
								<button
									key="best"
									type="button"
									class="link"
									onClick={() => openEvaluation(progress.best!, id, current)}
								>
									{trim(progress.best.score)} at {exact(progress.best.index)}
								</button>
							) : (
								"none yet"
							),
						],
						[
							"Population",
							progress?.population
								? `${exact(progress.population.size)}, mean ${trim(progress.population.mean ?? 0)}, worst ${trim(progress.population.worst ?? 0)}`
								: "empty",
						],
						["Rate", live ? `${trim(progress?.evaluationsPerSecond ?? 0)} / s` : "at rest"],
						["Left", leftOf(current) || "nothing"],
						["Task", `${spec.inputSize} px, ${spec.classCount} classes`],
						["Bounds", boundsOf(spec.constraints)],
						["Strategy", enumText(spec.strategy, "SEARCH_STRATEGY_")],
						["Runs", `${current.runCount}, last by ${current.executorId || "nobody"}`],
					]}
				/>
			</Card>
			<JobCharts job={current} points={points.value} />
			{progress && progress.dropped.length > 0 && <DroppedProposals job={current} />}
			<Training jobs={[name]} />
		</div>
	);
}

interface Followers {
	readonly onJob: (job: EvolutionJob) => void;
	readonly onPoints: (points: readonly Point[]) => void;
	readonly onError: (problem: CallError | undefined) => void;
}

/** Follows a job until it ends or the signal fires; what breaks off is taken up again. */
async function follow(
	name: string,
	signal: AbortSignal,
	history: History,
	{ onJob, onPoints, onError }: Followers,
): Promise<void> {
	let live = true;
	while (!signal.aborted) {
		try {
			for await (const { evolutionJob } of stream<{ evolutionJob: EvolutionJob }>(
				"jobs",
				"WatchEvolutionJob",
				{ name },
				{ signal },
			)) {
				// A later call follows the job by now; what this one still holds is older.
				if (signal.aborted) return;
				onJob(evolutionJob);
				live = LIVE.has(evolutionJob.state);
				onError(undefined);
				if ((await history.read(signal)) > 0 || history.points.length === 0) onPoints([...history.points]);
			}
			if (!live) return;
		} catch (failure) {
			const problem = problemOf(failure);
			if (problem === undefined) return;
			onError(problem);
			if (!PASSING.has(problem.problem.title)) return;
		}
		await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
	}
}

function openEvaluation({ network, score, index }: Evaluation, id: string, { spec }: EvolutionJob): void {
	open({
		title: `${id}, evaluation ${index}`,
		network,
		scores: { [spec.objective]: score },
		seed: spec.seed,
	});
}

function JobCharts({ job, points }: { readonly job: EvolutionJob; readonly points: readonly Point[] }) {
	if (points.length === 0) return null;
	const front = new Set(job.progress?.paretoFront ?? []);
	const shownPoints = thinned(points, CLOUD);
	const objective = scoreTitle(job.spec.objective);
	return (
		<>
			<Card title={`Best ${objective} so far`}>
				<Lines
					title={`Best ${objective} over evaluations`}
					curves={[{ name: "best", points: bestSoFar(points) }]}
					cloud={shownPoints}
					yTitle={objective}
				/>
			</Card>
			{job.spec.strategy === "SEARCH_STRATEGY_PARETO" && front.size > 0 && (
				<Card title={`Front of ${front.size}`}>
					<Scatter
						title={`${objective} over MACs`}
						marks={[
							...thinned(
								points.filter(({ index }) => !front.has(index)),
								600,
							),
							...points.filter(({ index }) => front.has(index)),
						].map((point) => ({
							key: String(point.index),
							x: point.macCount,
							y: point.score,
							kind: front.has(point.index) ? "front" : point.feasible ? "dominated" : "infeasible",
							label: `Evaluation ${point.index} · ${objective} ${trim(point.score)} · ${short(point.macCount)} MACs · ${short(point.parameterCount)} parameters`,
						}))}
						front={[]}
						x={{ title: "MACs", format: short, bounds: [] }}
						y={{ title: objective, format: trim, bounds: [] }}
					/>
				</Card>
			)}
		</>
	);
}

function DroppedProposals({ job }: { readonly job: EvolutionJob }) {
	const dropped = [...job.progress!.dropped].sort((a, b) => Number(b.count) - Number(a.count));
	const most = Number(dropped[0]!.count);
	return (
		<Card title="Dropped proposals">
			{dropped.map(({ reason, count }) => (
				<div key={reason} class="step">
					<span>{reason}</span>
					<Bar share={Number(count) / most} label={`Dropped for ${reason}`} />
					<span class="number">{exact(Number(count))}</span>
				</div>
			))}
		</Card>
	);
}

/** The best so far of several jobs in one chart. */
function Comparison({ ids }: { readonly ids: readonly string[] }) {
	const curves = useSignal<readonly { name: string; points: { index: number; score: number }[] }[]>([]);
	const error = useSignal<CallError | undefined>(undefined);
	const key = ids.join("/");
	useEffect(() => {
		const controller = new AbortController();
		const load = async () => {
			const read = async (id: string) => {
				const history = new History(`evolutionJobs/${id}`);
				await history.read(controller.signal);
				return { name: id, points: bestSoFar(history.points) };
			};
			curves.value = await Promise.all(key.split("/").map(read));
		};
		load().catch((failure: unknown) => {
			error.value = problemOf(failure);
		});
		return () => controller.abort();
	}, [key]);
	return (
		<Card title={`${ids.length} jobs compared`}>
			<Failure error={error.value} />
			<Lines title="Best score so far of each job" curves={curves.value} yTitle="Best so far" />
			<Facts
				facts={curves.value.map(({ name, points }) => [
					name,
					points.length ? trim(points.at(-1)!.score) : "none",
				])}
			/>
		</Card>
	);
}
