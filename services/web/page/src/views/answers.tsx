import { FileText, Trash2 } from "lucide-preact";
import type { GenerationResult } from "../api/types.js";
import { duration, enumText, percent } from "../format.js";
import { Card, Facts } from "../parts/parts.js";
import { saveReport } from "../report/answer-report.js";
import { type Answer, answers, forgetAnswer, go, route } from "../state.js";
import { candidatesOf } from "./candidates.js";
import { Plane } from "./plane.js";
import { amount, titleOf } from "./titles.js";

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
