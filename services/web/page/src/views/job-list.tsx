import { useSignal } from "@preact/signals";
import { call } from "../api/client.js";
import type { EvolutionJob } from "../api/types.js";
import { exact, trim } from "../format.js";
import { Card, Failure } from "../parts/parts.js";
import { Table } from "../parts/table.js";
import { usePolled } from "../parts/use-polled.js";
import { go } from "../state.js";
import { boundsOf, idOf, isLive, leftOf, State, stateOf } from "./job-parts.js";

async function readJobs(signal: AbortSignal): Promise<readonly EvolutionJob[]> {
	const page = { pageSize: 100 };
	const reply = await call<{ evolutionJobs: EvolutionJob[] }>("jobs", "ListEvolutionJobs", page, { signal });
	return reply.evolutionJobs;
}

/** All jobs, the latest first; several of them can be compared. */
export function JobList() {
	const { value: jobs, error } = usePolled(readJobs);
	const chosen = useSignal<ReadonlySet<string>>(new Set());
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
								isLive(job) && job.progress ? `${trim(job.progress.evaluationsPerSecond)} / s` : "",
						},
						{ key: "left", title: "Left", numeric: true, cell: (job) => leftOf(job) },
						{ key: "bounds", title: "Bounds", cell: ({ spec }) => boundsOf(spec.constraints) },
					]}
				/>
			)}
		</Card>
	);
}
