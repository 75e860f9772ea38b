import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { type CallError, call, problemOf } from "../api/client.js";
import type { Model } from "../api/types.js";
import { trim } from "../format.js";
import { Bar, Card, Facts, Failure } from "../parts/parts.js";
import { Promotion } from "./promotion.js";

/** A training as an operation; `response` is the new version. */
interface Operation {
	readonly name: string;
	readonly done: boolean;
	readonly error?: { readonly code?: number; readonly message: string };
	readonly metadata?: {
		readonly step?: number;
		readonly stepCount?: number;
		readonly validationLoss?: number;
	};
	readonly response?: Pick<Model, "name" | "version" | "metrics" | "trainedOn">;
}

const POLL_MS = 2000;

/** Text that is no number is left for the server to complain about. */
const stepsOf = (text: string): number | string => (/^\d+$/.test(text) ? Number(text) : text);

/** Trains the sequence generator on histories, and says how it went. */
export function Training({ jobs }: { readonly jobs: readonly string[] }) {
	const version = useSignal("");
	const steps = useSignal("");
	const operation = useSignal<Operation | undefined>(undefined);
	const error = useSignal<CallError | undefined>(undefined);
	const name = operation.value?.name;
	const done = operation.value?.done ?? true;
	useEffect(() => {
		if (name === undefined || done) return;
		const timer = setInterval(() => {
			call<Operation>("operations", "GetOperation", { name }).then(
				(latest) => {
					operation.value = latest;
				},
				(failure: unknown) => {
					error.value = problemOf(failure);
				},
			);
		}, POLL_MS);
		return () => clearInterval(timer);
	}, [name, done]);
	const start = async (event: Event) => {
		event.preventDefault();
		error.value = undefined;
		try {
			operation.value = await call<Operation>("jobs", "TrainSequenceGenerator", {
				evolutionJobs: jobs,
				version: version.value,
				...(steps.value.trim() === "" ? {} : { stepCount: stepsOf(steps.value.trim()) }),
			});
		} catch (failure) {
			error.value = problemOf(failure);
		}
	};
	const { metadata, response } = operation.value ?? {};
	const fault = error.value?.of("version");
	return (
		<Card title="Train the generator on this history">
			<form class="toolbar" onSubmit={start} noValidate>
				<label class={`inline ${fault ? "wrong" : ""}`}>
					New version
					<input
						value={version.value}
						onInput={(event) => {
							version.value = event.currentTarget.value;
						}}
						size={8}
						aria-invalid={fault !== undefined}
					/>
				</label>
				<label class="inline">
					Steps
					<input
						value={steps.value}
						placeholder="1000"
						onInput={(event) => {
							steps.value = event.currentTarget.value;
						}}
						size={6}
					/>
				</label>
				<button type="submit" disabled={!done}>
					Train
				</button>
			</form>
			<Failure error={error.value} />
			{metadata && !operation.value?.done && (
				<div class="step" aria-live="polite">
					<span>training</span>
					<Bar share={(metadata.step ?? 0) / (metadata.stepCount || 1)} label="Steps of the training" />
					<span class="number">
						{metadata.step} / {metadata.stepCount}
						{metadata.validationLoss === undefined ? "" : `, loss ${trim(metadata.validationLoss)}`}
					</span>
				</div>
			)}
			{operation.value?.error && (
				<p class="warning" role="alert">
					{operation.value.error.message}
				</p>
			)}
			{response && <Trained model={response} />}
		</Card>
	);
}

/** Figures that a training adds to those of the version that it began with. */
const OWN_FIGURES = /^(seqgen|refresh)\./;

/** A version that was written: its figures, and the verdict that lets it answer. */
function Trained({ model: { name, metrics } }: { readonly model: NonNullable<Operation["response"]> }) {
	return (
		<div class="stack">
			<p>{name} is written and does not answer yet.</p>
			<Facts
				facts={Object.entries(metrics)
					.filter(([key]) => OWN_FIGURES.test(key))
					.map(([key, value]) => [key, trim(value)])}
			/>
			<Promotion name={name} />
		</div>
	);
}
