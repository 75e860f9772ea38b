import { call } from "../api/client.js";
import type { EvolutionJob, HistorySummary } from "../api/types.js";
import { Lines } from "../chart/lines.js";
import { exact, trim } from "../format.js";
import { Card, Failure } from "../parts/parts.js";
import { Table } from "../parts/table.js";
import { usePolled } from "../parts/use-polled.js";
import { scoreTitle } from "./axes.js";
import { bestSoFar, readSummary } from "./job-history.js";
import { boundsOf, isLive, State, strategyOf } from "./job-parts.js";
import { targetTitle } from "./titles.js";
import { Training } from "./training.js";

interface Compared {
	readonly id: string;
	readonly job: EvolutionJob;
	readonly summary: HistorySummary;
}

async function readCompared(id: string, signal: AbortSignal): Promise<Compared> {
	const name = `evolutionJobs/${id}`;
	const [{ evolutionJob: job }, summary] = await Promise.all([
		call<{ evolutionJob: EvolutionJob }>("jobs", "GetEvolutionJob", { name }, { signal }),
		readSummary(name, signal),
	]);
	return { id, job, summary };
}

/** Several jobs in one chart and one table, and a generator trained on all of them. */
export function JobComparison({ ids }: { readonly ids: readonly string[] }) {
	const { value, error } = usePolled(
		(signal) => Promise.all(ids.map((id) => readCompared(id, signal))),
		ids.join("/"),
		(last) => last.some(({ job }) => isLive(job)),
	);
	const compared = value.value ?? [];
	return (
		<div class="stack">
			<Card title={`${ids.length} jobs compared`}>
				<Failure error={error.value} />
				<Lines
					title="Best score so far of each job"
					curves={compared.map(({ id, summary }) => ({ name: id, points: bestSoFar(summary) }))}
					yTitle="Best so far"
				/>
			</Card>
			<Table
				caption="Jobs compared"
				items={compared}
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
