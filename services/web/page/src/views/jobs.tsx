import { useSignal, useSignalEffect } from "@preact/signals";
import { Pause, Play, Trash2 } from "lucide-preact";
import { useEffect } from "preact/hooks";
import { type CallError, call, problemOf, stream } from "../api/client.js";
import type { EvolutionJob, HistorySummary } from "../api/types.js";
import { Lines } from "../chart/lines.js";
import { duration, enumText, exact, trim } from "../format.js";
import { Bar, Card, Facts, Failure } from "../parts/parts.js";
import { Table } from "../parts/table.js";
import { saveJobReport } from "../report/job-report.js";
import { go, route } from "../state.js";
import { scoreTitle } from "./axes.js";
import { DroppedChildren, JobCharts, openEvaluation } from "./job-charts.js";
import { bestSoFar, readSummary } from "./job-history.js";
import { boundTexts, quantityText, targetTitle } from "./titles.js";
import { Training } from "./training.js";

const idOf = ({ name }: Pick<EvolutionJob, "name">) => name.split("/")[1]!;
const stateOf = ({ state }: EvolutionJob) => enumText(state, "EVOLUTION_JOB_STATE_");
const LIVE = new Set(["EVOLUTION_JOB_STATE_QUEUED", "EVOLUTION_JOB_STATE_RUNNING"]);
/** Categories of failures that pass: services that restart, or are busy. */
const PASSING = new Set(["UNAVAILABLE", "CANCELLED", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED", "INTERNAL"]);
const POLL_MS = 3000;
const RETRY_MS = 1500;
/** Least time between two readings of a history that grows. */
const SUMMARY_MS = 1500;

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
	boundTexts(constraints).join(", ") || "none";

const strategyOf = ({ strategy, paretoCosts }: EvolutionJob["spec"]) =>
	[
		enumText(strategy, "SEARCH_STRATEGY_"),
		...paretoCosts.map((cost) => quantityText(enumText(cost, "PARETO_COST_").replaceAll(" ", "-"))),
	].join(", ");

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
	const summary = useSignal<HistorySummary | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	const attempt = useSignal(0);
	useSignalEffect(() => {
		attempt.value;
		const controller = new AbortController();
		void follow(name, controller.signal, {
			onJob: (latest) => {
				job.value = latest;
			},
			onSummary: (latest) => {
				summary.value = latest;
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
						<button type="button" onClick={() => void saveJobReport(current, summary.value)}>
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
									onClick={() =>
										void openEvaluation(current, progress.best!.index).catch((failure: unknown) => {
											error.value = problemOf(failure);
										})
									}
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
						["Task", targetTitle(spec)],
						["Bounds", boundsOf(spec.constraints)],
						["Objective", scoreTitle(spec.objective)],
						["Strategy", strategyOf(spec)],
						["Runs", `${current.runCount}, last by ${shortId(current.executorId) || "nobody"}`],
					]}
				/>
			</Card>
			{summary.value && (
				<JobCharts
					job={current}
					summary={summary.value}
					onError={(problem) => {
						error.value = problem;
					}}
				/>
			)}
			<DroppedChildren job={current} />
			<Training jobs={[name]} />
		</div>
	);
}

interface Followers {
	readonly onJob: (job: EvolutionJob) => void;
	readonly onSummary: (summary: HistorySummary) => void;
	readonly onError: (problem: CallError | undefined) => void;
}

/** Follows a job until it ends or the signal fires; what breaks off is taken up again. */
async function follow(
	name: string,
	signal: AbortSignal,
	{ onJob, onSummary, onError }: Followers,
): Promise<void> {
	let [live, read, readAt] = [true, -1, Number.NEGATIVE_INFINITY];
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
				const evaluated = evolutionJob.progress?.evaluated ?? 0;
				const due = !live || performance.now() - readAt >= SUMMARY_MS;
				if (evaluated === read || !due) continue;
				const summary = await readSummary(name, signal);
				[read, readAt] = [summary.evaluationCount, performance.now()];
				onSummary(summary);
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

interface Compared {
	readonly id: string;
	readonly job: EvolutionJob;
	readonly summary: HistorySummary;
}

/** Several jobs in one chart and one table, and a generator trained on all of them. */
function Comparison({ ids }: { readonly ids: readonly string[] }) {
	const compared = useSignal<readonly Compared[]>([]);
	const error = useSignal<CallError | undefined>(undefined);
	const key = ids.join("/");
	useEffect(() => {
		const controller = new AbortController();
		const { signal } = controller;
		const read = async (id: string): Promise<Compared> => {
			const name = `evolutionJobs/${id}`;
			const [{ evolutionJob: job }, summary] = await Promise.all([
				call<{ evolutionJob: EvolutionJob }>("jobs", "GetEvolutionJob", { name }, { signal }),
				readSummary(name, signal),
			]);
			return { id, job, summary };
		};
		const load = () =>
			Promise.all(key.split("/").map(read)).then(
				(found) => {
					compared.value = found;
					error.value = undefined;
				},
				(failure: unknown) => {
					error.value = problemOf(failure);
				},
			);
		void load();
		const timer = setInterval(() => {
			if (compared.value.some(({ job }) => LIVE.has(job.state))) void load();
		}, POLL_MS);
		return () => {
			controller.abort();
			clearInterval(timer);
		};
	}, [key]);
	return (
		<div class="stack">
			<Card title={`${ids.length} jobs compared`}>
				<Failure error={error.value} />
				<Lines
					title="Best score so far of each job"
					curves={compared.value.map(({ id, summary }) => ({ name: id, points: bestSoFar(summary) }))}
					yTitle="Best so far"
				/>
			</Card>
			<Table
				caption="Jobs compared"
				items={compared.value}
				rowKey={({ id }) => id}
				columns={[
					{
						key: "job",
						title: "Job",
						value: ({ id }) => id,
						cell: ({ id }) => <a href={`#/jobs/${id}`}>{id}</a>,
					},
					{ key: "state", title: "State", cell: ({ job }) => <State job={job} /> },
					{
						key: "best",
						title: "Best",
						numeric: true,
						value: ({ job }) => job.progress?.best?.score ?? 0,
						cell: ({ job }) => (job.progress?.best ? trim(job.progress.best.score) : "none"),
					},
					{
						key: "mean",
						title: "Population's mean",
						numeric: true,
						value: ({ job }) => job.progress?.population?.mean ?? 0,
						cell: ({ job }) => trim(job.progress?.population?.mean ?? 0),
					},
					{
						key: "done",
						title: "Evaluations",
						numeric: true,
						value: ({ summary }) => summary.evaluationCount,
						cell: ({ summary }) => exact(summary.evaluationCount),
					},
					{ key: "objective", title: "Objective", cell: ({ job }) => scoreTitle(job.spec.objective) },
					{
						key: "strategy",
						title: "Strategy",
						cell: ({ job }) => strategyOf(job.spec),
					},
					{
						key: "task",
						title: "Task",
						cell: ({ job: { spec } }) => targetTitle(spec),
					},
					{ key: "bounds", title: "Bounds", cell: ({ job }) => boundsOf(job.spec.constraints) },
				]}
			/>
			<Training jobs={ids.map((id) => `evolutionJobs/${id}`)} />
		</div>
	);
}

/** An identifier that was made up by its first eight digits; a name, e.g. of a pod, as it is. */
function shortId(id: string): string {
	return id.replace(/^([0-9a-f]{8})-[0-9a-f-]{27}$/, "$1");
}
