import { useSignal, useSignalEffect } from "@preact/signals";
import { Pause, Play, Trash2 } from "lucide-preact";
import { type CallError, call, problemOf } from "../api/client.js";
import type { EvolutionJob, HistorySummary } from "../api/types.js";
import { exact, trim } from "../format.js";
import { Bar, Card, Facts, Failure } from "../parts/parts.js";
import { saveJobReport } from "../report/job-report.js";
import { go } from "../state.js";
import { scoreTitle } from "./axes.js";
import { followJob } from "./follow-job.js";
import { DroppedChildren, JobCharts, openEvaluation } from "./job-charts.js";
import { boundsOf, isLive, leftOf, State, strategyOf } from "./job-parts.js";
import { targetTitle } from "./titles.js";
import { Training } from "./training.js";

/** One job as it runs. The page finds it again after restarts of gateway and orchestrator. */
export function Job({ id }: { readonly id: string }) {
	const name = `evolutionJobs/${id}`;
	const job = useSignal<EvolutionJob | undefined>(undefined);
	const summary = useSignal<HistorySummary | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	const attempt = useSignal(0);
	useSignalEffect(() => {
		attempt.value;
		const controller = new AbortController();
		void followJob(name, controller.signal, {
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
	const live = isLive(current);
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

/** An identifier that was made up by its first eight digits; a name, e.g. of a pod, as it is. */
function shortId(id: string): string {
	return id.replace(/^([0-9a-f]{8})-[0-9a-f-]{27}$/, "$1");
}
